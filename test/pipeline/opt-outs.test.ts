import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulator,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { type Bucket, smallText } from "../../shared/ports/bucket.ts";
import { Summary } from "../../shared/report/summary.ts";
import { column, type Workplace, workplace } from "../cli/workplace.ts";
import { until } from "../support/until.ts";

/** The whole stack with `optOut`, used by an operator who has the stack's policy and nothing else. */
const resources = new AsyncDisposableStack();
let simulator: EnswitchSimulator;
let cloud: EmbeddedCloud;
let place: Workplace;
let bucket: Bucket;

beforeAll(async () => {
  const directory = resources.use(await mkdtempDisposable(join(tmpdir(), "opt-outs-"))).path;
  simulator = resources.use(await startEnswitchSimulator());
  const settings = {
    sendsPerSecond: 5,
    snumber: "442079460000",
    country: "GB",
    optOut: { footer: "Reply STOP to stop" },
  };
  cloud = resources.use(
    await startEmbeddedCloud({
      dataDir: directory,
      stack: preparedStack({ endpoint: simulator.endpoint, ...settings }),
    }),
  );
  place = resources.use(await workplace());
  bucket = createS3Bucket(new S3Client(clientOf(cloud.credentials)), cloud.outputs["BucketName"] ?? "");
  const secrets = new SecretsManagerClient(clientOf(cloud.credentials));
  await writeCredentials(secrets, cloud.outputs["SecretArn"] ?? "", simulatorAccount);
});

afterAll(() => resources.disposeAsync());

const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  endpoint: cloud.endpoint,
  region: cloud.region,
  credentials,
  forcePathStyle: true,
  maxAttempts: 1,
});

const operator = (...words: readonly string[]) => {
  const policy = cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith("PeopleOperator"));
  const { accessKeyId, secretAccessKey } = cloud.credentialsOf(policy?.logicalId ?? "");
  return place.bulkSend([...words], {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
};

const numberOf = (row: number) => `4477009001${String(row).padStart(2, "0")}`;

test("who replied STOP before, or is put on the list while his row is queued, is skipped", async () => {
  simulator.receive({ from: `0${numberOf(2).slice(2)}`, to: "442079460000", body: "Stop!" });
  simulator.receive({ from: `+${numberOf(3)}`, to: "442079460000", body: "please stop" });
  const rows = Array.from({ length: 90 }, (_, index) => `+${numberOf(index + 1)},Hello`);
  await place.write("spring.csv", `to,text\n${rows.join("\n")}\n`);
  expect(await operator("upload", "spring.csv")).toMatchObject({ code: 0 });
  await until("the first call", () => simulator.count() > 0);
  expect(await operator("opt-outs", "add", `+${numberOf(90)}`)).toMatchObject({ code: 0 });
  const summary = await until("the report", async () => {
    const read = Summary.safeParse(JSON.parse((await smallText(bucket, "reports/spring/summary.json")) ?? "null"));
    return read.success && read.data.state === "complete" ? read.data : undefined;
  });
  expect(summary).toMatchObject({
    counts: { submitted: 88, skipped: 2 },
    footer: { text: "Reply STOP to stop", messages: 90 },
  });
  // The first reply may have come in the second before the upload.
  expect(summary.optedOut).toBeGreaterThan(0);
  const report = (await smallText(bucket, "reports/spring/report.csv")) ?? "";
  const details = column(report, "send_detail");
  expect([details[1], details[89]]).toEqual(
    [1, 2].map(() => expect.stringMatching(/^opted out on \d{4}-\d\d-\d\d\.$/u)),
  );
  const called = simulator.calls().map(({ parameters }) => parameters);
  expect(called.map(({ cnumber }) => cnumber)).not.toContain(numberOf(2));
  expect(called.map(({ cnumber }) => cnumber?.replace("+", ""))).not.toContain(numberOf(90));
  expect(called[0]?.["message"]).toBe("Hello\nReply STOP to stop");
});

test("people see the list, what is unclear, and who changed it", async () => {
  const listed = await operator("opt-outs", "--json");
  // The newest first: what was put on the list by hand came after the reply.
  expect(JSON.parse(listed.out)).toMatchObject([
    { number: `+${numberOf(90)}`, word: "added by hand" },
    { number: `+${numberOf(2)}`, word: "STOP" },
  ]);
  expect((await operator("opt-outs", "list", "--unclear")).out).toMatch(/^\+447700900103 .* please stop\n$/u);
  expect(await operator("opt-outs", "remove", `+${numberOf(90)}`, "--yes")).toMatchObject({ code: 0 });
  expect((await operator("opt-outs")).out.trim().split("\n")).toHaveLength(1);
  const history = (await operator("history")).out;
  expect(history).toContain("added opt-outs");
  expect(history).not.toContain(numberOf(90));
  expect(await operator("opt-outs", "add", "hello")).toMatchObject({ code: 2 });
});

test("the doctor tries whether replies can be read", async () => {
  expect((await operator("doctor")).out).toContain("ok    replies: ");
  simulator.configure({ mayReadTexts: false });
  expect((await operator("doctor")).out).toMatch(/TODO {2}replies: .*"texts" privilege/u);
});
