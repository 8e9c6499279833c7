import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { bucketClientSettings, clientSettings } from "../shared/aws/client-settings.ts";
import { createDynamoTable } from "../shared/aws/dynamo-table.ts";
import { createEventBus } from "../shared/aws/event-bus.ts";
import { createLog } from "../shared/aws/log.ts";
import { createMetrics } from "../shared/aws/metrics.ts";
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { createCredentialsSecret } from "../shared/aws/secret.ts";
import { createQueue } from "../shared/aws/sqs-queue.ts";
import { createMails } from "../shared/aws/topic.ts";
import { createListTexts } from "../shared/enswitch/list-texts.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { createReporter } from "../shared/reconcile/reporter.ts";
import { createBuiltPage } from "./built-page.ts";
import { consolePageOf, optOutOf, ReporterEnv, targetOf } from "./environment.ts";

const env = ReporterEnv.parse(process.env);
const s3 = new S3Client(bucketClientSettings);
const sqs = new SQSClient(clientSettings);
const metrics = createMetrics(env.POWERTOOLS_SERVICE_NAME);

const secret = createCredentialsSecret(new SecretsManagerClient(clientSettings), env.SECRET_ARN);
const ca = env.CA_FILE === undefined ? undefined : readFileSync(env.CA_FILE, "utf8");

const look = createReporter({
  table: createDynamoTable(new DynamoDBClient(clientSettings), env.TABLE),
  bucket: createS3Bucket(s3, env.BUCKET),
  enqueueBatches: createQueue(sqs, env.BATCHES_QUEUE_URL),
  enqueueUploads: createQueue(sqs, env.UPLOADS_QUEUE_URL),
  nudge: createQueue(sqs, env.NUDGES_QUEUE_URL),
  mail: createMails(new SNSClient(clientSettings), env.TOPIC_ARN),
  secret,
  optOut: optOutOf(env, (asked) => createListTexts({ ...asked, endpoint: env.ENDPOINT, ca })),
  publish: createEventBus(new EventBridgeClient(clientSettings)),
  stack: { stack: env.POWERTOOLS_SERVICE_NAME, bucket: env.BUCKET },
  ceiling: env.SENDS_PER_SECOND,
  maxPerDay: env.MAX_PER_DAY,
  keepDays: env.KEEP_DAYS,
  manual: env.MANUAL_URL,
  page: consolePageOf(env, (place) => ({
    pages: createS3Bucket(s3, place.bucket),
    built: createBuiltPage(place.files),
  })),
  visibilityMs: env.VISIBILITY_SECONDS * 1000,
  graceSeconds: env.GRACE_SECONDS,
  target: targetOf(env),
  clock: systemClock,
  freshToken: () => randomBytes(16).toString("hex"),
  metrics,
  log: createLog("reporter"),
});

/** Looks once, however many nudges came together; when that fails, all of them come back. */
export const handler = async (_event: SQSEvent) => {
  try {
    await look();
    return { batchItemFailures: [] };
  } finally {
    metrics.flush();
  }
};
