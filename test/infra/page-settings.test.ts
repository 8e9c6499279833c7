import { expect, test } from "vitest";
import { consolePageOf, ReporterEnv } from "../../functions/environment.ts";
import { toldToPage } from "../../infra/decided.ts";
import { readTemplate } from "../../infra/local/template/read-template.ts";
import { readSettings } from "../../infra/settings.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { endpoint } from "../support/stack-settings.ts";

const all = {
  sendsPerSecond: 7,
  maxMessagesPerDay: 500,
  snumber: "2125550000",
  country: "GB",
  window: { from: "09:00", to: "18:00", timezone: "Europe/London" },
  countries: ["GB", "IE"],
  prices: { currency: "GBP", perSegment: { default: 0.04 } },
  approval: 100,
  optOut: { footer: "Reply STOP to stop" },
  keepDays: 12,
};

const built = { contents: () => Promise.reject(new Error("Not read here.")), read: () => createNothing() };
async function* createNothing(): AsyncGenerator<Uint8Array> {}

/** What the reporter of a stack tells the page, by the variables that the template gives it. */
function toldByReporter(chosen: { readonly [setting: string]: unknown }) {
  const { template } = synthesise({ endpoint, console: true, ...chosen });
  const stack = readTemplate(template, { stackName: "BulkSend", endpoint: "http://127.0.0.1:1" });
  const reporter = stack.functions.find(({ logicalId }) => logicalId.startsWith("Reporter"));
  const env = ReporterEnv.parse(reporter?.environment);
  const page = consolePageOf(env, (place) => {
    expect(place.files).toBe("/var/task/page");
    expect(stack.buckets.map(({ name }) => name)).toContain(place.bucket);
    return { pages: createMemoryBucket(), built };
  });
  return { stack, told: page?.settings };
}

test.each([
  ["as shipped", {}],
  ["with all that the page shows", all],
  ["with hours by the recipients' own clocks", { window: { from: "09:00", to: "18:00", timezone: "recipient" } }],
])("the reporter tells the page what the settings say: %s", (_name, chosen) => {
  const { told } = toldByReporter(chosen);
  const { settings } = readSettings({ endpoint, ...chosen });
  expect(ConsoleSettings.parse({ version: "v1", ...told }).sending).toEqual({
    ...toldToPage({ settings }),
    simulated: false,
  });
});

test("the reporter tells the page where the stack's things are and where people sign in", () => {
  const { stack, told } = toldByReporter({});
  const outputs = Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value]));
  expect(told).toMatchObject({
    stackName: "BulkSend",
    region: "us-east-1",
    bucket: outputs["BucketName"],
    table: outputs["TableName"],
    nudges: outputs["NudgesQueueUrl"],
    signIn: {
      kind: "pool",
      userPoolId: outputs["ConsoleUserPoolId"],
      issuer: `https://cognito-idp.us-east-1.amazonaws.com/${outputs["ConsoleUserPoolId"]}`,
    },
  });
  expect(outputs["ConsoleUrl"]).toMatch(/^https:\/\/[a-z0-9]+\.cloudfront\.invalid\/$/);
});
