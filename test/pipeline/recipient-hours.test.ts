import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import { smallText } from "../../shared/ports/bucket.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { Summary } from "../../shared/report/summary.ts";
import { until } from "../support/until.ts";

/** Zones whose clocks never change, an hour and ten hours from UTC. */
const [hourEast, tenEast, tenWest] = ["Africa/Lagos", "Australia/Brisbane", "Pacific/Honolulu"] as const;

test("a list over several zones is sent where it is the recipients' hours, and the rest waits until it is cancelled", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "recipient-hours-"));
  await using simulator = await startEnswitchSimulator({ latencyMs: { min: 5, max: 40 } });
  const stack = preparedStack({
    endpoint: simulator.endpoint,
    sendsPerSecond: 100,
    snumber: "442079460000",
    country: "GB",
  });
  await using cloud = await startEmbeddedCloud({ dataDir: directory.path, stack });
  const { endpoint, region, credentials, outputs } = cloud;
  const client = { endpoint, region, credentials, forcePathStyle: true };
  const bucket = createS3Bucket(new S3Client(client), outputs["BucketName"] ?? "");
  const table = createDynamoTable(new DynamoDBClient(client), outputs["TableName"] ?? "");
  const nudge = createQueue(new SQSClient(client), outputs["NudgesQueueUrl"] ?? "");
  await writeCredentials(new SecretsManagerClient(client), outputs["SecretArn"] ?? "", simulatorAccount);

  // By UTC the window began four hours ago and ends in four; ten hours east and west it is closed for hours to come.
  const hour = 3_600_000;
  const time = (at: number) => new Date(at).toISOString().slice(11, 16);
  const [from, to] = [-4, 4].map((hours) => time(Date.now() + hours * hour));
  const zones = [hourEast, tenWest, "UTC", tenEast, ""];
  const rows = Array.from(
    { length: 40 },
    (_, row) => `+44770090${1000 + row},Hello ${row},${zones[row % zones.length]}`,
  );
  await bucket.put(
    "campaigns/zones.json",
    JSON.stringify({ window: { from, to, timezone: "recipient" } }),
    "application/json",
  );
  await bucket.put("campaigns/zones.csv", ["phone,message,timezone", ...rows].join("\n"), "text/csv");

  const summary = async () => {
    const text = await smallText(bucket, "reports/zones/summary.json");
    return text === undefined ? undefined : Summary.parse(JSON.parse(text));
  };
  // Hours east one and UTC, and the numbers that say nothing: those of London, whose clock is UTC's or an hour before it.
  const live = await until("those are sent whose hours it is", async () => {
    const now = await summary();
    return now?.counts.submitted === 24 ? now : undefined;
  });
  expect(live.state).toBe("running");
  expect(live.remaining).toBe(16);
  expect(live.zones?.map(({ zones, opensAt }) => [zones.join(), opensAt === undefined])).toEqual([
    [hourEast, true],
    [tenWest, false],
    ["UTC", true],
    [tenEast, false],
    ["Europe/London", true],
  ]);

  const clock = systemClock;
  const control = createControl({
    campaigns: createCampaigns(table),
    account: createAccountStore({ table, clock, freshToken: () => "test" }),
    nudge,
    clock,
    by: "the test",
    ceiling: 100,
  });
  await control.cancel("zones");
  const complete = await until("the campaign is complete", async () => {
    const now = await summary();
    return now?.state === "complete" ? now : undefined;
  });
  expect(complete.counts).toMatchObject({ submitted: 24, cancelled: 16 });
  expect(simulator.count()).toBe(24);
});
