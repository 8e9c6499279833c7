import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import * as z from "zod";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { smallText } from "../../shared/ports/bucket.ts";
import { pageStyle, reportScript } from "../../shared/report/page/page-assets.ts";
import { Summary } from "../../shared/report/summary.ts";
import { until } from "../support/until.ts";
import { row, workbook } from "../support/workbook.ts";

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Metadata: z.looseObject({ "aws:asset:path": z.string().optional() }).optional(),
    }),
  ),
});

/** What `cdk deploy` would upload: the template, and for each function the bundle that Lambda would run. */
async function synthesiseBundles(endpoint: string, out: string) {
  const args = [
    cdk,
    "synth",
    "--quiet",
    "--no-notices",
    "-o",
    out,
    "-c",
    `endpoint=${endpoint}`,
    "-c",
    "sendsPerSecond=100",
  ];
  const offline = { AWS_EC2_METADATA_DISABLED: "true", CDK_DISABLE_CLI_TELEMETRY: "true" };
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...offline } });
  const template = Template.parse(JSON.parse(await readFile(join(out, "BulkSend.template.json"), "utf8")));
  const entries = Object.entries(template.Resources).flatMap(([id, { Type, Metadata }]) =>
    Type === "AWS::Lambda::Function" ? [[id, join(out, Metadata?.["aws:asset:path"] ?? "", "index.mjs")]] : [],
  );
  return { template, entries: Object.fromEntries(entries) };
}

test("the bundles that would be deployed send a campaign and report it", async () => {
  await using resources = new AsyncDisposableStack();
  const { path: directory } = resources.use(await mkdtempDisposable(join(tmpdir(), "bundles-")));
  const simulator = resources.use(await startEnswitchSimulator({ latencyMs: 20 }));
  const cloud = resources.use(
    await startEmbeddedCloud({
      dataDir: join(directory, "data"),
      stack: synthesiseBundles(simulator.endpoint, join(directory, "cdk.out")),
      onServicesUp: async ({ endpoint, region, credentials, outputs }) => {
        const secrets = new SecretsManagerClient({ endpoint, region, credentials });
        await writeCredentials(secrets, outputs["SecretArn"] ?? "", simulatorAccount);
      },
    }),
  );
  const { endpoint, region, credentials, outputs } = cloud;
  const bucket = createS3Bucket(
    new S3Client({ endpoint, region, credentials, forcePathStyle: true }),
    outputs["BucketName"] ?? "",
  );
  const rows = Array.from(
    { length: 61 },
    (_, index) => `077009${String(index).padStart(5, "0")},Grüße an ${index} 👋,${index === 1 ? "flyer.txt" : ""}`,
  );
  const options = { snumber: "2125550000", country: "GB" };
  await bucket.put("attachments/flyer.txt", "a flyer", "text/plain");
  await bucket.put("suppression/left.csv", "+447700900000\n", "text/csv");
  await bucket.put("campaigns/bundled.json", JSON.stringify(options), "application/json");
  await bucket.put("campaigns/bundled.csv", ["phone,message,attachment1", ...rows].join("\n"), "text/csv");
  await bucket.put("check/bundled.csv", ["phone,message,attachment1", ...rows].join("\n"), "text/csv");

  const sheet = row(1, ["phone", "message"]) + row(2, ["07700900100", '<c r="B2" s="1"><v>0.2</v></c>']);
  const list = Readable.from([workbook([{ name: "List", rows: sheet }], { formats: ['"Only today: "0%'] })]);
  await bucket.put("campaigns/sheet.json", JSON.stringify(options), "application/json");
  await bucket.put("campaigns/sheet.XLSX", list, "application/octet-stream");

  const complete = (name: string) =>
    until(`${name} is complete`, async () => {
      const text = await smallText(bucket, `reports/${name}/summary.json`);
      const found = text === undefined ? undefined : Summary.parse(JSON.parse(text));
      return found?.state === "complete" ? found : undefined;
    });
  expect((await complete("bundled")).counts).toMatchObject({ submitted: 60, skipped: 1 });
  expect((await complete("sheet")).counts).toMatchObject({ submitted: 1 });
  const messages = new Set(simulator.calls().map(({ parameters }) => parameters["message"]));
  expect(messages.size).toBe(61);
  expect(messages).toContain("Only today: 20%");
  expect(simulator.calls().flatMap(({ files }) => files)).toMatchObject([{ filename: "flyer.txt", bytes: 7 }]);
  const page = (name: string) => smallText(bucket, `reports/${name}/report.html`);
  await expect.poll(() => page("bundled")).toContain(reportScript);
  await expect.poll(() => page("check/bundled")).toContain(pageStyle);
  expect(cloud.usage.denials()).toEqual([]);
});
