import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulator,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import type { AcceptedEvent } from "../../infra/local/services/eventbridge.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import type { Approver } from "../../shared/campaign/identity.ts";
import { type Bucket, smallText } from "../../shared/ports/bucket.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { EventDetail } from "../../shared/report/event-detail.ts";
import { Summary } from "../../shared/report/summary.ts";
import { type Workplace, workplace } from "../cli/workplace.ts";
import { until } from "../support/until.ts";

/** The whole stack with `approval`, used by IAM users who have the stack's policies for people and nothing else. */
const resources = new AsyncDisposableStack();
const people = {
  anna: ["Uploader", "Reader"],
  ben: ["Approver"],
  carla: ["Uploader", "Approver"],
  dora: ["Operator"],
} as const;

let simulator: EnswitchSimulator;
let cloud: EmbeddedCloud;
let place: Workplace;
let bucket: Bucket;
const events: AcceptedEvent[] = [];
const keys = new Map<string, { accessKeyId: string; secretAccessKey: string }>();

beforeAll(async () => {
  const directory = resources.use(await mkdtempDisposable(join(tmpdir(), "approval-"))).path;
  simulator = resources.use(await startEnswitchSimulator({ latencyMs: { min: 5, max: 40 } }));
  const settings = { sendsPerSecond: 100, snumber: "442079460000", country: "GB", approval: 2 };
  const stack = preparedStack({ endpoint: simulator.endpoint, ...settings });
  cloud = resources.use(
    await startEmbeddedCloud({ dataDir: directory, stack, onEvent: (event) => events.push(event) }),
  );
  place = resources.use(await workplace());
  bucket = createS3Bucket(new S3Client(clientOf(cloud.credentials)), cloud.outputs["BucketName"] ?? "");
  await writeCredentials(
    new SecretsManagerClient(clientOf(cloud.credentials)),
    cloud.outputs["SecretArn"] ?? "",
    simulatorAccount,
  );
  for (const [name, policies] of Object.entries(people)) {
    const ids = policies.map(
      (policy) =>
        cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith(`People${policy}`))?.logicalId ??
        policy,
    );
    keys.set(name, cloud.userWith(name, ids));
  }
});

afterAll(() => resources.disposeAsync());

const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  endpoint: cloud.endpoint,
  region: cloud.region,
  credentials,
  forcePathStyle: true,
  maxAttempts: 1,
});

const keyOf = (who: keyof typeof people) => keys.get(who) ?? { accessKeyId: "", secretAccessKey: "" };

const as = (who: keyof typeof people, ...words: readonly string[]) =>
  place.bulkSend([...words], {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: keyOf(who).accessKeyId,
    AWS_SECRET_ACCESS_KEY: keyOf(who).secretAccessKey,
  });

const list = (rows: number, from: number) =>
  ["phone,message", ...Array.from({ length: rows }, (_, row) => `+4477009${from + row},Hello ${row}`)].join("\n");

const summaryOf = async (name: string): Promise<Summary | undefined> => {
  const text = await smallText(bucket, `reports/${name}/summary.json`);
  return text === undefined ? undefined : Summary.parse(JSON.parse(text));
};

/** What was announced of a campaign, in order, once. */
const announced = (name: string) => {
  const details = events.map(({ detail }) => EventDetail.parse(detail)).filter((detail) => detail.name === name);
  return [...new Map(details.map((detail) => [`${detail.state} ${detail.at}`, detail])).values()];
};

/** Waits until so much was announced of a campaign, in this order. */
const announcedAs = (name: string, ...states: readonly string[]) =>
  until(`${name} is announced as ${states.at(-1)}`, async () => {
    const told = announced(name).map(({ state }) => state);
    expect(told).toEqual(states.slice(0, told.length));
    return told.length === states.length ? told : undefined;
  });

const waiting = (name: string) =>
  until(`${name} waits for approval`, async () => {
    const summary = await summaryOf(name);
    return summary?.pause?.code === "approval" ? summary : undefined;
  });

test("a list above the number waits, and goes on once somebody else has approved what it shows", async () => {
  await place.write("spring.csv", list(5, 10_000));
  expect((await as("anna", "upload", "spring.csv")).code).toBe(0);
  const summary = await waiting("spring");
  expect(summary).toMatchObject({
    state: "paused",
    stateText: "Waits for approval: 5 messages would be sent",
    recipients: [{ country: "GB", messages: 5, segments: 5 }],
  });
  expect(summary.messages?.map(({ message }) => message)).toEqual(["Hello 0", "Hello 1", "Hello 2"]);
  expect(summary.nextSteps.join()).toMatch(/npx bulk-send approve spring --(data|stack) \S/);
  expect(simulator.count()).toBe(0);

  const resumed = await as("dora", "resume", "spring");
  expect(resumed.code).toBe(1);
  expect(resumed.err).toContain("waits for approval, which resuming does not replace");

  const unasked = await as("ben", "approve", "spring");
  expect(unasked.code).toBe(2);
  expect(unasked.err).toContain("5 messages, 5 segments: 5 to GB");
  expect(unasked.err).toContain("Hello 2");
  expect(unasked.err).toContain(`Uploaded by ${summary.uploadedBy}`);
  expect(simulator.count()).toBe(0);

  const approved = await as("ben", "approve", "spring", "--yes");
  expect(approved).toMatchObject({ code: 0, out: "spring is approved and is being sent.\n" });
  const complete = await until("spring is complete", async () => {
    const now = await summaryOf("spring");
    return now?.state === "complete" ? now : undefined;
  });
  expect(complete.counts.submitted).toBe(5);
  expect(complete.history.map(({ what }) => what)).toEqual(["uploaded", "approved"]);
  expect(complete.approval?.by).toMatch(/^AIDA/);
  expect(complete.approval?.by).not.toBe(complete.uploadedBy);

  await announcedAs("spring", "planned", "approval-needed", "resumed", "started", "complete");
  const details = announced("spring");
  expect(details.map(({ at }) => at)).toEqual(details.map(({ at }) => at).toSorted());
  expect(new Set(details.map(({ at }) => at)).size).toBe(5);
  expect(details[1]).toMatchObject({ code: "approval", rows: 5, remaining: 5 });
  expect(details[4]).toMatchObject({
    stack: cloud.stackName,
    bucket: cloud.outputs["BucketName"],
    reason: "done",
    counts: { submitted: 5, cancelled: 0 },
    remaining: 0,
    report: { csv: "reports/spring/report.csv", page: "reports/spring/report.html" },
  });
  // Neither numbers nor texts go on the bus.
  expect(JSON.stringify(events)).not.toMatch(/77009|Hello/);
});

test("nobody approves what he uploaded, by the command or by the ledger itself", async () => {
  await place.write("own.csv", list(3, 20_000));
  expect((await as("carla", "upload", "own.csv")).code).toBe(0);
  const { uploadedBy: userId = "", approval } = await waiting("own");
  const sent = simulator.count();
  const refused = await as("carla", "approve", "own", "--yes");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("Somebody else has to approve own");

  const table = createDynamoTable(new DynamoDBClient(clientOf(keyOf("carla"))), cloud.outputs["TableName"] ?? "");
  const approvals = createApprovals(table);
  await approvals.give("own", { approver: { kind: "person", userId }, run: approval?.plan ?? "", at: Date.now() });
  // The reporter's own next look is up to a minute away.
  await cloud.send(cloud.outputs["NudgesQueueUrl"] ?? "", nudgeBody({ kind: "look" }));
  const tried = await until("the approval is judged", async () => {
    const now = await summaryOf("own");
    return now?.history.some(({ what }) => what === "tried to approve") ? now : undefined;
  });
  expect(tried.reason).toContain(`The approval by AWS:${userId} does not count: the same person uploaded it`);
  expect(tried.state).toBe("paused");

  // In another's name, or with another's kind of identity, IAM lets nobody write.
  for (const approver of [
    { kind: "person", userId: "AIDABEN" },
    { kind: "role", userId },
  ] as const) {
    await expect(approvals.give("own", { approver, run: approval?.plan ?? "", at: Date.now() })).rejects.toThrow(
      /not authorized/,
    );
  }
  const dora = createDynamoTable(new DynamoDBClient(clientOf(keyOf("dora"))), cloud.outputs["TableName"] ?? "");
  const forged = {
    approver: { kind: "person", userId: "AIDABEN" },
    run: approval?.plan ?? "",
    at: Date.now(),
  } as const;
  await expect(createApprovals(dora).give("own", forged)).rejects.toThrow(/not authorized/);
  expect(simulator.count()).toBe(sent);
});

test("the options' author is an uploader too, and cancelling refuses the campaign", async () => {
  await place.write("two.csv", list(3, 30_000));
  await place.write("two.json", JSON.stringify({ maxSegments: 4 }));
  const name = cloud.outputs["BucketName"] ?? "";
  await createS3Bucket(new S3Client(clientOf(keyOf("carla"))), name).put(
    "campaigns/two.json",
    '{"maxSegments":4}',
    "application/json",
  );
  await createS3Bucket(new S3Client(clientOf(keyOf("anna"))), name).put(
    "campaigns/two.csv",
    list(3, 30_000),
    "text/csv",
  );
  await waiting("two");
  const sent = simulator.count();
  const refused = await as("carla", "approve", "two", "--yes");
  expect(refused.code).toBeGreaterThan(0);
  expect(refused.err).toContain("the same person uploaded it");
  expect((await as("dora", "cancel", "two")).code).toBe(0);
  const complete = await until("two is complete", async () => {
    const now = await summaryOf("two");
    return now?.state === "complete" ? now : undefined;
  });
  expect(complete.counts).toMatchObject({ submitted: 0, cancelled: 3 });
  await announcedAs("two", "planned", "approval-needed", "complete");
  expect(announced("two").at(-1)).toMatchObject({ reason: "cancelled", counts: { cancelled: 3 } });
  expect(simulator.count()).toBe(sent);
});

test("an approver uploads nothing and changes nothing; a small list does not wait", async () => {
  await place.write("small.csv", list(2, 40_000));
  const refused = await as("ben", "upload", "small.csv");
  expect(refused.code).toBe(1);
  const ben = createDynamoTable(new DynamoDBClient(clientOf(keyOf("ben"))), cloud.outputs["TableName"] ?? "");
  const campaigns = createCampaigns(ben);
  const own = await campaigns.read("own", { consistent: true });
  if (own === undefined || own.state === "refused") throw new Error("The campaign is missing.");
  await expect(campaigns.change(own, {}, { state: "running" })).rejects.toThrow(/not authorized/);
  const anna = createDynamoTable(new DynamoDBClient(clientOf(keyOf("anna"))), cloud.outputs["TableName"] ?? "");
  const approver = { kind: "person", userId: "AIDAANNA" } as const;
  await expect(createApprovals(anna).give("own", { approver, run: own.run, at: 0 })).rejects.toThrow(/not authorized/);

  expect((await as("anna", "upload", "small.csv")).code).toBe(0);
  const complete = await until("small is complete", async () => {
    const now = await summaryOf("small");
    return now?.state === "complete" ? now : undefined;
  });
  expect(complete.counts.submitted).toBe(2);
  expect(complete.approval).toBeUndefined();
});

test("people of an identity pool, who share one id, are told apart by their tag", async () => {
  const ids = (...policies: readonly string[]) =>
    policies.map(
      (policy) =>
        cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith(`People${policy}`))?.logicalId ??
        policy,
    );
  const inPool = (person: string | undefined) =>
    cloud.poolSession("pool", ids("Uploader", "Approver"), person === undefined ? {} : { "bulk-send-person": person });
  const [eva, finn, nobody] = [inPool("eva"), inPool("finn"), inPool(undefined)];
  const name = cloud.outputs["BucketName"] ?? "";
  const upload = (who: typeof eva, campaign: string, person: string | undefined, from: number) =>
    new S3Client(clientOf(who)).send(
      new PutObjectCommand({
        Bucket: name,
        Key: `campaigns/${campaign}.csv`,
        Body: list(3, from),
        ...(person !== undefined && { Tagging: `bulk-send-person=${person}` }),
      }),
    );
  const approve = async (who: typeof eva, campaign: string, approver: Approver, run = "") => {
    const table = createDynamoTable(new DynamoDBClient(clientOf(who)), cloud.outputs["TableName"] ?? "");
    await createApprovals(table).give(campaign, { approver, run, at: Date.now() });
    const nudge = createQueue(new SQSClient(clientOf(who)), cloud.outputs["NudgesQueueUrl"] ?? "");
    await nudge([nudgeBody({ kind: "look" })]);
  };

  // Nobody uploads without his tag, or with another's; who has none uploads with none.
  await expect(upload(eva, "pool", undefined, 50_000)).rejects.toThrow(/not authorized/);
  await expect(upload(eva, "pool", "finn", 50_000)).rejects.toThrow(/not authorized/);
  await expect(upload(nobody, "pool", "finn", 50_000)).rejects.toThrow(/not authorized/);
  await upload(eva, "pool", "eva", 50_000);
  const { approval } = await waiting("pool");
  const run = approval?.plan ?? "";

  // Nor does anybody approve in another's name, or as somebody without a tag in any.
  await expect(approve(eva, "pool", { kind: "tagged", userId: "finn" }, run)).rejects.toThrow(/not authorized/);
  await expect(approve(nobody, "pool", { kind: "tagged", userId: "finn" }, run)).rejects.toThrow(/not authorized/);
  await expect(approve(nobody, "pool", { kind: "tagged", userId: "" }, run)).rejects.toThrow(/not authorized/);
  const sent = simulator.count();
  await approve(eva, "pool", { kind: "tagged", userId: "eva" }, run);
  const tried = await until("the approval is judged", async () => {
    const now = await summaryOf("pool");
    return now?.history.some(({ what }) => what === "tried to approve") ? now : undefined;
  });
  expect(tried.reason).toContain("The approval by eva does not count: the same person uploaded it");
  expect(simulator.count()).toBe(sent);

  await approve(finn, "pool", { kind: "tagged", userId: "finn" }, run);
  const complete = await until("pool is complete", async () => {
    const now = await summaryOf("pool");
    return now?.state === "complete" ? now : undefined;
  });
  expect(complete.counts.submitted).toBe(3);
  expect(complete.approval?.by).toBe("finn");
});

test("the reporter alone may publish events, as bulk-send and on the default bus", async () => {
  const reporter = cloud.stack.functions.find(({ logicalId }) => logicalId.startsWith("Reporter"))?.logicalId ?? "";
  const put = (credentials: { accessKeyId: string; secretAccessKey: string }, entry: PutEventsRequestEntry = {}) =>
    new EventBridgeClient(clientOf(credentials)).send(
      new PutEventsCommand({
        Entries: [{ Source: "bulk-send", DetailType: "campaign.paused", Detail: "{}", ...entry }],
      }),
    );
  const before = events.length;
  const bus = "arn:aws:events:us-east-1:123456789012:event-bus/another";
  await expect(put(keyOf("dora"))).rejects.toThrow(/not authorized/);
  await expect(put(cloud.credentialsOf(reporter), { Source: "aws.s3" })).rejects.toThrow(/not authorized/);
  await expect(put(cloud.credentialsOf(reporter), { EventBusName: bus })).rejects.toThrow(/not authorized/);
  expect(events).toHaveLength(before);
  const malformed = await put(cloud.credentialsOf(reporter), { Detail: "no JSON" });
  expect(malformed).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: "MalformedDetail" }] });
  expect(events).toHaveLength(before);
});
