import { describe, expect, test } from "vitest";
import { preparedStack } from "../../../infra/local/prepared-stack.ts";
import { readTemplate } from "../../../infra/local/template/read-template.ts";
import { sites } from "../../../infra/rates.ts";
import { settingNames } from "../../../infra/settings.ts";
import { synthesise } from "../../../infra/synthesise.ts";

const endpoint = "https://pbx.example.com/api/json";

/** Each setting with a value that is not its default. */
const settings: { readonly [name: string]: unknown } = {
  sendsPerSecond: 7,
  maxMessagesPerDay: 500,
  snumber: "2125550000",
  stype: "phone",
  customer: "42",
  country: "GB",
  window: { from: "09:00", to: "18:00", timezone: "Europe/London" },
  countries: ["GB", "IE"],
  prices: { currency: "GBP", perSegment: { default: 0.04 } },
  approval: 100,
  optOut: { footer: "Reply STOP to stop", numberField: "cnumber" },
  manualUrl: "https://wiki.example.com/ops",
  keepDays: 12,
  retainDays: 34,
};

/** Settings without a meaning on one machine. */
const elsewhere = ["notifyEmail", "dashboard", "stackName", "vpc", "caFile", "console", "consoleMfa", "consoleDomain"];

const read = (template: unknown) => {
  const { outputs, ...resources } = readTemplate(template, { stackName: "BulkSend", endpoint: "http://127.0.0.1:1" });
  return { ...resources, outputs: outputs.toSorted((a, b) => a.key.localeCompare(b.key)) };
};

interface Trial {
  readonly name: string;
  readonly chosen: { readonly [setting: string]: unknown };
}

const trials: readonly Trial[] = [
  { name: "without settings", chosen: {} },
  ...Object.entries(settings).map(([name, value]) => ({
    name: `with ${name}`,
    chosen: { ...(name === "countries" || name === "optOut" ? { country: "GB" } : {}), [name]: value },
  })),
  { name: "with all settings", chosen: settings },
  { name: "at the lowest rate", chosen: { ...settings, sendsPerSecond: 0.05 } },
  { name: "with several that send side by side", chosen: { sendsPerSecond: 1000 } },
];

describe("a prepared stack is the one that would be synthesised", () => {
  test.each(trials)("$name", async ({ chosen }) => {
    const context = { ...chosen, endpoint };
    const { template, entries } = synthesise(context, sites.local);
    const prepared = await preparedStack(context);
    expect(read(prepared.template)).toEqual(read(template));
    expect(Object.keys(prepared.entries)).toEqual(Object.keys(entries));
  });

  test("and every setting was tried", () => {
    expect([...Object.keys(settings), ...elsewhere, "endpoint"].toSorted()).toEqual(settingNames.toSorted());
  });
});

test("a console for AWS is left out: this machine has its own way to the page", async () => {
  const asOnAws = { endpoint, console: true, consoleMfa: "required", consoleDomain: "example" };
  const { template, entries, console: page } = await preparedStack(asOnAws);
  const without = await preparedStack({ endpoint });
  expect({ template, entries, sending: page?.sending }).toEqual({
    ...{ template: without.template, entries: without.entries },
    sending: without.console?.sending,
  });
});

test("an endpoint is a text in the template, whatever is in it", async () => {
  const quoted = 'http://127.0.0.1:4242/"quoted"';
  expect(read((await preparedStack({ endpoint: quoted })).template).outputs).toContainEqual(
    expect.objectContaining({ key: "Endpoint", value: quoted }),
  );
});

test("the functions are bundles, once prepared of the same sources", async () => {
  const { entries } = await preparedStack({ ...settings, endpoint });
  expect(Object.values(entries).map((file) => file.replace(/^.*\/(functions\/)/, "$1"))).toEqual([
    "functions/splitter/index.mjs",
    "functions/sender/index.mjs",
    "functions/reporter/index.mjs",
  ]);
});

test("wrong settings are not prepared", async () => {
  await expect(preparedStack({ endpoint, sendsPerSecond: 0 })).rejects.toThrow("sendsPerSecond is 0, but must be");
});
