import { mkdtempDisposable, readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "vitest";
import { billSuffix } from "../../infra/bill-of-materials.ts";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulator,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { noticesFile } from "../../infra/third-party-notices.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { smallText } from "../../shared/ports/bucket.ts";
import { pageStyle, reportScript } from "../../shared/report/page/page-assets.ts";
import { Summary } from "../../shared/report/summary.ts";
import { bundledFunctions, bundleLimit, runCdk, runNode } from "../support/cdk-command.ts";
import { until } from "../support/until.ts";
import { row, workbook } from "../support/workbook.ts";

const authority = join(import.meta.dirname, "../fixtures/infra/private authority.pem");

let resources: AsyncDisposableStack;
let simulator: EnswitchSimulator;
/** What `cdk deploy` would upload: the template, and for each function the bundle that Lambda would run. */
let synth: Awaited<ReturnType<typeof runCdk>>;

beforeAll(async () => {
  await using starting = new AsyncDisposableStack();
  simulator = starting.use(await startEnswitchSimulator({ latencyMs: 20 }));
  synth = starting.use(
    await runCdk(
      ...["synth", "--quiet", "-c", `endpoint=${simulator.endpoint}`, "-c", "sendsPerSecond=100"],
      ...["-c", `caFile=${authority}`],
    ),
  );
  resources = starting.move();
});

afterAll(() => resources?.disposeAsync());

test("the CDK bundles three functions that load with the environment and the certificate authority the stack gives them", async () => {
  expect(synth.text).not.toContain("ERROR");
  expect(synth.code).toBe(0);
  const functions = await bundledFunctions(synth.out);
  expect(functions).toHaveLength(3);
  let besides = 0;
  for (const { logicalId, module, environment } of functions) {
    // What a cold start reads and compiles; infra/bundle.ts says what may be left out of it.
    expect((await stat(module)).size).toBeLessThanOrEqual(bundleLimit(logicalId));
    const notices = await readFile(join(dirname(module), noticesFile), "utf8");
    expect(notices).toMatch(/^zod \d.*\(MIT\)/m);
    expect(/^undici \d/m.test(notices)).toBe(logicalId.startsWith("Sender"));
    const beside = (await readdir(dirname(module))).filter((name) => name.endsWith(".mjs") && name !== "index.mjs");
    // Only the splitter reads lists; what reads workbooks and tells encodings apart is loaded when such a list comes.
    const onDemand = ["encodings.mjs", "workbook.mjs", "zones.mjs"];
    expect(beside.toSorted()).toEqual((await readFile(module, "utf8")).includes("./workbook.mjs") ? onDemand : []);
    for (const name of beside) {
      expect((await stat(join(dirname(module), name))).size).toBeLessThanOrEqual(
        name === "workbook.mjs" ? 200_000 : 1_200_000,
      );
      besides++;
    }
    const bills = (await readdir(dirname(module))).filter((name) => name.endsWith(billSuffix));
    const ofFiles = ["index.mjs", ...beside].map((name) => name.replace(/\.mjs$/, billSuffix));
    expect(bills.toSorted()).toEqual(ofFiles.toSorted());
    const load = `import(${JSON.stringify(pathToFileURL(module).href)}).then((m) => { console.log(typeof m.handler); process.exit(0); })`;
    const loaded = await runNode(["--eval", load], { AWS_REGION: "eu-west-1", ...environment });
    expect(loaded).toEqual({ code: 0, text: "function\n" });
  }
  expect(besides).toBe(3);
  const authorities = functions.flatMap(({ asset, environment }) =>
    environment["CA_FILE"] === undefined ? [] : [environment["CA_FILE"].replace(asset, "/var/task")],
  );
  expect(authorities).toEqual(["/var/task/ca.pem"]);
});

test("the bundles that would be deployed send a campaign and report it", async () => {
  await using started = new AsyncDisposableStack();
  const { path: directory } = started.use(await mkdtempDisposable(join(tmpdir(), "bundles-")));
  const functions = await bundledFunctions(synth.out);
  const cloud = started.use(
    await startEmbeddedCloud({
      dataDir: join(directory, "data"),
      stack: {
        template: JSON.parse(await readFile(join(synth.out, "BulkSend.template.json"), "utf8")),
        entries: Object.fromEntries(functions.map(({ logicalId, module }) => [logicalId, module])),
      },
      // On Lambda it lies beside the code.
      environment: { CA_FILE: authority },
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
