import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
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
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { type Role, Session } from "../../shared/console/session.ts";
import { type Bucket, smallText } from "../../shared/ports/bucket.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { Summary } from "../../shared/report/summary.ts";
import { until } from "../support/until.ts";

/** The whole stack, used by people with the console's sessions, each of whom has one role. */
const resources = new AsyncDisposableStack();
let simulator: EnswitchSimulator;
let cloud: EmbeddedCloud;
let everything: Bucket;

beforeAll(async () => {
  const directory = resources.use(await mkdtempDisposable(join(tmpdir(), "console-"))).path;
  simulator = resources.use(await startEnswitchSimulator({ latencyMs: { min: 5, max: 40 } }));
  const settings = { sendsPerSecond: 100, snumber: "442079460000", country: "GB", approval: 2 };
  const stack = preparedStack({ endpoint: simulator.endpoint, ...settings });
  cloud = resources.use(await startEmbeddedCloud({ dataDir: directory, stack }));
  const { endpoint, region, credentials } = cloud;
  const s3 = new S3Client({ endpoint, region, credentials: { ...credentials }, forcePathStyle: true });
  everything = createS3Bucket(s3, cloud.outputs["BucketName"] ?? "");
  using secrets = disposable(new SecretsManagerClient(cloud));
  await writeCredentials(secrets, cloud.outputs["SecretArn"] ?? "", simulatorAccount);
});

afterAll(() => resources.disposeAsync());

const disposable = <Client extends { destroy(): void }>(client: Client): Client & Disposable =>
  Object.assign(client, { [Symbol.dispose]: () => client.destroy() });

/** What the page has when it was opened by a link for this person. */
async function as(person: string, ...roles: readonly Role[]) {
  const link = new URL(cloud.console?.linkFor(person, roles) ?? "");
  const headers = { authorization: `Bearer ${link.hash.replace("#key=", "")}` };
  const ask = async (name: string, method: string) =>
    (await fetch(new URL(name, `${link.origin}${link.pathname}`), { headers, method })).json();
  const session = Session.parse(await ask("session", "POST"));
  const settings = ConsoleSettings.parse(await ask("config.json", "GET"));
  const { endpoint, region } = settings;
  const { credentials } = session;
  const client = { endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 };
  const s3 = new S3Client(client);
  const table = createDynamoTable(new DynamoDBClient(client), settings.table);
  const nudge = createQueue(new SQSClient(client), settings.nudges);
  const deps = { table, clock: systemClock, freshToken: () => crypto.randomUUID() };
  const campaigns = createCampaigns(table);
  return {
    session,
    bucket: createS3Bucket(s3, settings.bucket),
    campaigns,
    approvals: createApprovals(table),
    nudge,
    control: createControl({
      ...{ campaigns, nudge, clock: systemClock, by: person },
      account: createAccountStore(deps),
      ceiling: settings.sending.sendsPerSecond,
    }),
    put: (Key: string, Body: string, tag = session.tag) =>
      s3.send(
        new PutObjectCommand({
          Bucket: settings.bucket,
          ...{ Key, Body },
          Tagging:
            tag === undefined || tag === "" ? undefined : new URLSearchParams({ "bulk-send-person": tag }).toString(),
        }),
      ),
    get: (Key: string) => s3.send(new GetObjectCommand({ Bucket: settings.bucket, Key })),
  };
}

const denied = /not authorized to perform/;
const list = (rows: number, from: number) =>
  ["phone,message", ...Array.from({ length: rows }, (_, row) => `+4477009${from + row},Hello ${row}`)].join("\n");

/** Waits, as who sees everything: nobody else is told that an object is not there yet. */
const told = (name: string, is: (summary: Summary) => boolean = () => true) =>
  until(`${name} is as expected`, async () => {
    const text = await smallText(everything, `reports/${name}/summary.json`);
    const summary = text === undefined ? undefined : Summary.parse(JSON.parse(text));
    return summary !== undefined && is(summary) ? summary : undefined;
  });

test("what one uploads another reads, a third approves, and an operator controls", async () => {
  const anna = await as("anna", "uploader");
  const rita = await as("rita", "reader");
  const olga = await as("olga", "operator");
  const ben = await as("ben", "approver");
  expect(anna.session).toMatchObject({ person: "anna", roles: ["uploader"], tag: "anna" });

  await anna.put("check/spring.json", JSON.stringify({ maxSegments: 1 }));
  await anna.put("check/spring.csv", list(5, 10_000));
  expect(await told("check/spring")).toMatchObject({ rows: 5, remaining: 5 });
  await anna.put("campaigns/spring.json", JSON.stringify({ maxSegments: 1 }));
  await anna.put("campaigns/spring.csv", list(5, 10_000));
  const summary = await told("spring", ({ pause }) => pause?.code === "approval");
  expect(simulator.count()).toBe(0);

  expect(await olga.control.resume("spring")).toMatchObject({ kind: "refused" });
  const campaign = await ben.campaigns.read("spring", { consistent: true });
  const run = campaign !== undefined && "run" in campaign ? campaign.run : "";
  const approval = { run, at: Date.now() };
  // Only as himself, and only he: not even the operator writes where approvals count.
  await expect(
    ben.approvals.give("spring", { approver: { kind: "tagged", userId: "carla" }, ...approval }),
  ).rejects.toThrow(denied);
  await expect(
    olga.approvals.give("spring", { approver: { kind: "tagged", userId: "olga" }, ...approval }),
  ).rejects.toThrow(denied);
  await ben.approvals.give("spring", { approver: { kind: "tagged", userId: "ben" }, ...approval });
  await ben.nudge([nudgeBody({ kind: "look" })]);
  const complete = await told("spring", ({ state }) => state === "complete");
  expect(complete).toMatchObject({ counts: { submitted: 5 }, approval: { by: "ben" } });
  expect(summary.rows).toBe(5);
  expect(await (await rita.get("reports/spring/report.csv")).Body?.transformToString()).toContain("Hello 4");

  const tomorrow = new Date(Date.now() + 24 * 3600_000).toISOString();
  await anna.put("campaigns/later.json", JSON.stringify({ sendAfter: tomorrow }));
  await anna.put("campaigns/later.csv", list(2, 20_000));
  await told("later");
  expect(await olga.control.pause("later")).toMatchObject({ kind: "granted" });
  expect(await olga.control.setRate(50)).toMatchObject({ kind: "granted" });
  expect(await olga.control.cancel("later")).toMatchObject({ kind: "granted" });
  await told("later", ({ state, counts }) => state === "complete" && counts?.cancelled === 2);
});

test("nobody does what another role may do", async () => {
  const anna = await as("anna", "uploader");
  await expect(anna.put("campaigns/x.csv", list(1, 30_000), "ben")).rejects.toThrow(denied);
  await expect(anna.put("campaigns/x.csv", list(1, 30_000), "")).rejects.toThrow(denied);
  for (const elsewhere of ["suppression/stop.csv", "reports/x/report.csv", "work/x"]) {
    await expect(anna.put(elsewhere, "x")).rejects.toThrow(denied);
  }
  await expect(anna.get("reports/spring/report.csv")).rejects.toThrow(denied);
  await expect(anna.get("campaigns/spring.csv")).rejects.toThrow(denied);
  await expect(anna.campaigns.read("spring", { consistent: true })).rejects.toThrow(denied);
  await expect(anna.nudge([nudgeBody({ kind: "look" })])).rejects.toThrow(denied);

  const rita = await as("rita", "reader");
  await expect(rita.get("campaigns/spring.csv")).rejects.toThrow(denied);
  await expect(rita.put("campaigns/x.csv", list(1, 30_000))).rejects.toThrow(denied);
  await expect(rita.campaigns.read("spring", { consistent: true })).rejects.toThrow(denied);

  const ben = await as("ben", "approver");
  await expect(ben.put("campaigns/x.csv", list(1, 30_000))).rejects.toThrow(denied);
  await expect(ben.control.pauseAccount()).rejects.toThrow(denied);
});

test("who has the roles of both does not approve what he uploaded himself", async () => {
  const carla = await as("carla", "uploader", "approver");
  await carla.put("campaigns/own.json", "{}");
  await carla.put("campaigns/own.csv", list(3, 40_000));
  await told("own", ({ pause }) => pause?.code === "approval");
  const campaign = await carla.campaigns.read("own", { consistent: true });
  const run = campaign !== undefined && "run" in campaign ? campaign.run : "";
  await carla.approvals.give("own", { approver: { kind: "tagged", userId: "carla" }, run, at: Date.now() });
  await carla.nudge([nudgeBody({ kind: "look" })]);
  const refused = await until("the approval is refused", async () => {
    const now = await carla.campaigns.read("own", { consistent: true });
    return now?.state === "paused" && now.refusedApprovals !== undefined ? now : undefined;
  });
  expect(refused.pause?.reason).toContain("the same person uploaded it");
  await expect(carla.control.cancel("own")).rejects.toThrow(denied);
});
