import { mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulator,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { ratesFor, sites } from "../../infra/rates.ts";
import { type AccountStore, createAccountStore } from "../../shared/account/account-store.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import { batchesPerPart } from "../../shared/plan/plan.ts";
import { type Bucket, smallText } from "../../shared/ports/bucket.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { type Enqueue, nudgeBody } from "../../shared/ports/queue.ts";
import { Summary } from "../../shared/report/summary.ts";
import { until } from "../support/until.ts";

/**
 * The whole stack from its template, used in every way its functions have grants for. The campaigns' numbers,
 * texts and the password are marked, so that they can be searched for where they must not appear.
 */
const secretText = "zebra-crossing";
const password = simulatorAccount.password;

const resources = new AsyncDisposableStack();

let directory: string;
let simulator: EnswitchSimulator;
let cloud: EmbeddedCloud;
let bucket: Bucket;
let account: AccountStore;
let nudge: Enqueue;
let control: ReturnType<typeof createControl>;
let campaigns: ReturnType<typeof createCampaigns>;
let batches: ReturnType<typeof createBatches>;
let storeCredentials: () => Promise<unknown>;

beforeAll(async () => {
  directory = resources.use(await mkdtempDisposable(join(tmpdir(), "whole-stack-"))).path;
  simulator = resources.use(await startEnswitchSimulator({ latencyMs: { min: 5, max: 40 } }));
  const { endpoint: phoneSystem } = simulator;
  const stack = preparedStack({ endpoint: phoneSystem, sendsPerSecond: 100, snumber: "2125550000", country: "GB" });
  cloud = resources.use(await startEmbeddedCloud({ dataDir: directory, stack }));
  const { endpoint, region, credentials, outputs } = cloud;
  const settings = { endpoint, region, credentials, forcePathStyle: true };
  bucket = createS3Bucket(new S3Client(settings), outputs["BucketName"] ?? "");
  const table = createDynamoTable(new DynamoDBClient(settings), outputs["TableName"] ?? "");
  campaigns = createCampaigns(table);
  let tokens = 0;
  const freshToken = () => `test-${tokens++}`;
  account = createAccountStore({ table, clock: systemClock, freshToken });
  batches = createBatches({ table, clock: systemClock, freshToken });
  nudge = createQueue(new SQSClient(settings), outputs["NudgesQueueUrl"] ?? "");
  control = createControl({
    campaigns,
    account,
    nudge,
    clock: systemClock,
    by: "the test",
    ceiling: 100,
  });
  const secrets = new SecretsManagerClient(settings);
  storeCredentials = () => writeCredentials(secrets, outputs["SecretArn"] ?? "", simulatorAccount);
});

afterAll(() => resources.disposeAsync());

const number = (index: number) => `+4477009${String(index).padStart(5, "0")}`;

const list = (rows: number, from = 0) =>
  ["phone,name", ...Array.from({ length: rows }, (_, index) => `${number(from + index)},Ann ${from + index}`)].join(
    "\n",
  );

const upload = async (name: string, csv: string, options: object = { message: `${secretText} {{name}}` }) => {
  await bucket.put(`campaigns/${name}.json`, JSON.stringify(options), "application/json");
  await bucket.put(`campaigns/${name}.csv`, csv, "text/csv");
};

const summaryOf = async (name: string): Promise<Summary | undefined> => {
  const text = await smallText(bucket, `reports/${name}/summary.json`);
  return text === undefined ? undefined : Summary.parse(JSON.parse(text));
};

/**
 * Waits until no row of the campaign is in the air: no batch is claimed. After a pause this stays so, because a claim
 * made later looks at the campaign before it fires; and every call made before has been noted.
 */
const grounded = (name: string) =>
  until(`nothing of ${name} is claimed`, async () => {
    const campaign = await campaigns.read(name, { consistent: true });
    if (campaign === undefined || campaign.state === "refused") return false;
    for await (const { state } of batches.between(name, 1, campaign.lastBatch)) if (state === "claimed") return false;
    return true;
  });

const inState = (name: string, state: Summary["state"]) =>
  until(`${name} is ${state}`, async () => {
    const summary = await summaryOf(name);
    return summary?.state === state ? summary : undefined;
  });

describe("the whole stack", () => {
  test("waits for credentials, and goes on by itself when they are stored", async () => {
    await upload("first", list(60));
    await until("the account pauses", async () => (await account.read()).pause !== undefined);
    // The reporter's own next look is up to a minute away.
    await nudge([nudgeBody({ kind: "look" })]);
    const index = await until("people can see it", async () => {
      const text = await smallText(bucket, "reports/index.html");
      return text?.includes("No credentials") ? text : undefined;
    });
    expect(index).toContain("All sending is paused");
    expect(simulator.count()).toBe(0);
    await storeCredentials();
    await control.setRate(99);
    const summary = await inState("first", "complete");
    expect(summary.counts).toMatchObject({ submitted: 60 });
  });

  test("sends attachments, skips people who asked not to be contacted, and reports both", async () => {
    await bucket.put("attachments/flyer.txt", "a flyer", "text/plain");
    await bucket.put("suppression/list.csv", `number\n${number(101)}\n`, "text/csv");
    const csv = [
      "phone,name,attachment1",
      `${number(100)},Bob,flyer.txt`,
      `${number(101)},Eve,flyer.txt`,
      `${number(102)},Joe,missing.txt`,
    ].join("\n");
    await upload("flyers", csv);
    const summary = await inState("flyers", "complete");
    expect(summary.counts).toMatchObject({ submitted: 1, skipped: 1, invalid: 1 });
    const [call] = simulator.calls().filter(({ files }) => files.length > 0);
    expect(call?.files).toMatchObject([{ filename: "flyer.txt", bytes: 7 }]);
  });

  test("refuses a list that cannot be a campaign, and a name sent before with other content", async () => {
    await upload("refused", "name\nAnn");
    expect((await inState("refused", "refused")).reason).toMatch(/number/iu);
    await upload("first", list(61));
    const note = await until("the refusal is noted", async () => {
      for await (const { key } of bucket.list("reports/first/refused-")) return smallText(bucket, key);
      return undefined;
    });
    expect(Summary.parse(JSON.parse(note ?? "")).reason).toContain("has been sent before");
    expect((await summaryOf("first"))?.counts.submitted).toBe(60);
  });

  test("removes what it has planned of a list that turns out to be damaged", async () => {
    const { batchRows } = ratesFor(100, sites.local);
    const partRows = batchesPerPart(batchRows) * batchRows;
    await upload("damaged", `${list(2 * partRows, 5000)}\n"never closed,Ann`);
    expect((await inState("damaged", "refused")).reason).toMatch(/quot/iu);
    // The refusal may be read before the splitter has removed what it had planned.
    await until("nothing of its plan is left", async () => {
      for await (const { key } of bucket.list("work/")) if (key.includes("damaged")) return false;
      return true;
    });
  });

  test("judges what lies under check/ and sends nothing of it", async () => {
    const before = simulator.count();
    await bucket.put("check/later.json", JSON.stringify({ message: "Hi {{name}}" }), "application/json");
    await bucket.put("check/later.csv", list(5, 200), "text/csv");
    const summary = await inState("check/later", "checked");
    expect(summary.messages?.[0]?.message).toBe("Hi Ann 200");
    expect(simulator.count()).toBe(before);
  });

  test("pauses, resumes and cancels a campaign; what is reported as cancelled was never sent", async () => {
    const rows = 3_000;
    const before = simulator.count();
    await upload("long", list(rows, 1000));
    // Any of them: on a busy machine a certain row may miss its slot, and come again after all the others.
    await until("it sends", () => simulator.count() >= before + 10);
    expect((await control.pause("long")).kind).toBe("granted");
    await grounded("long");
    const paused = simulator.count();
    await sleep(1_000);
    expect(simulator.count()).toBe(paused);
    expect((await control.resume("long")).kind).toBe("granted");
    await until("it goes on", () => simulator.count() > paused + 20);
    expect((await control.cancel("long")).kind).toBe("granted");
    const summary = await inState("long", "complete");
    const sent = simulator
      .calls()
      .filter(({ parameters, accepted }) => accepted && Number(parameters["cnumber"]?.slice(-5)) >= 1000);
    expect(summary.counts.cancelled).toBe(rows - summary.counts.submitted);
    expect(sent).toHaveLength(summary.counts.submitted);
    expect(new Set(sent.map(({ parameters }) => parameters["cnumber"])).size).toBe(sent.length);
  });

  test("never makes a call that its roles do not allow", () => {
    expect(cloud.usage.denials()).toEqual([]);
  });

  test("has no unused grant, except for a stated reason", () => {
    const reasons: Record<string, string> = {
      "s3:AbortMultipartUpload": "used when a multipart upload fails half-way",
      "sqs:GetQueueAttributes": "Lambda's event source asks for it on AWS; the pollers here do not",
      "logs:CreateLogStream": "nothing here serves CloudWatch logs",
      "logs:PutLogEvents": "nothing here serves CloudWatch logs",
      "sqs:ChangeMessageVisibility": "the splitter gives an upload back only when it fails",
    };
    const rare = new Map([
      ["Sender s3:ListBucket", "an attachment gone since the plan is then a 404"],
      ["Sender s3:GetObject", "a plan of an older version does not name its attachments' versions"],
      ["Splitter sqs:SendMessage Nudges", "an upload announced again, or with nothing to send, or one that waits"],
      ["Sender dynamodb:GetItem", "reads asked for together are one BatchGetItem"],
      ["Reporter sqs:SendMessage Nudges", "an end that must wait for a lease is looked at again"],
      // Looked for at the start, before anything is uploaded, and then every quarter of an hour.
      ["Reporter s3:GetObject", "an upload whose event was lost is asked for its version"],
      ["Reporter sqs:SendMessage Uploads", "an upload whose event was lost is announced again"],
    ]);
    const functions = ["Splitter", "Sender", "Reporter"];
    const unused = cloud.usage.grants().flatMap(({ role, used, action, resource }) => {
      const name = functions.find((one) => role.includes(`${one}Role`));
      const queue = /-(Uploads|Batches|Nudges)Queue/u.exec(resource)?.[1];
      const grant = [name, action, queue].filter((part) => part !== undefined).join(" ");
      return name === undefined || used > 0 || reasons[action] !== undefined || rare.has(grant) ? [] : [grant];
    });
    expect(unused).toEqual([]);
  });

  test("leaves no number, text or password in any log or mail", async () => {
    const files = await readdir(join(directory, "logs"));
    const texts = await Promise.all([
      ...files.map((file) => readFile(join(directory, "logs", file), "utf8")),
      ...(await readdir(join(directory, "mails"))).map((file) => readFile(join(directory, "mails", file), "utf8")),
    ]);
    const all = texts.join("\n");
    expect(all).toContain("A campaign was planned.");
    expect(all).not.toContain(secretText);
    expect(all).not.toContain(password);
    expect(all).not.toMatch(/4477009\d{5}/u);
  });

  test("never puts a parameter into a URL", () => {
    expect(simulator.calls().every(({ inUrl, method }) => method === "POST" && inUrl.length === 0)).toBe(true);
  });
});
