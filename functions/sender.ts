import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { bucketClientSettings, clientSettings } from "../shared/aws/client-settings.ts";
import { createEachMessage } from "../shared/aws/each-message.ts";
import { createLog } from "../shared/aws/log.ts";
import { createMetrics } from "../shared/aws/metrics.ts";
import { createTableReadTogether } from "../shared/aws/read-together.ts";
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { cachedSecret, createCredentialsSecret } from "../shared/aws/secret.ts";
import { createQueue, createVisibility } from "../shared/aws/sqs-queue.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { practise } from "../shared/send/practise.ts";
import { createSender, type SenderDeps } from "../shared/send/sender.ts";
import { dayLimitOf, SenderEnv } from "./environment.ts";

const env = SenderEnv.parse(process.env);
const sqs = new SQSClient(clientSettings);
const log = createLog("sender");
const metrics = createMetrics(env.POWERTOOLS_SERVICE_NAME);

const deps: SenderDeps = {
  table: createTableReadTogether(new DynamoDBClient(clientSettings), env.TABLE),
  attachments: createS3Bucket(new S3Client(bucketClientSettings), env.BUCKET),
  secret: cachedSecret(createCredentialsSecret(new SecretsManagerClient(clientSettings), env.SECRET_ARN)),
  nudge: createQueue(sqs, env.NUDGES_QUEUE_URL),
  endpoint: env.ENDPOINT,
  ca: env.CA_FILE === undefined ? undefined : readFileSync(env.CA_FILE, "utf8"),
  ceiling: env.SENDS_PER_SECOND,
  dayLimit: dayLimitOf(env),
  noteEveryMs: env.NOTE_EVERY_MS,
  laneRate: env.LANE_RATE,
  afterOthersMs: env.AFTER_OTHERS_MS,
  consumers: env.CONSUMERS,
  answerTimeoutMs: env.ANSWER_TIMEOUT_MS,
  clock: systemClock,
  freshToken: () => randomBytes(16).toString("hex"),
  metrics,
  log,
};
const { begin, rehearse } = createSender(deps);

const eachMessage = createEachMessage({
  changeVisibility: createVisibility(sqs, env.BATCHES_QUEUE_URL),
  clock: systemClock,
  log,
  atEnd: metrics.flush,
});

await rehearse();
await practise(deps, env.AWS_LAMBDA_INITIALIZATION_TYPE);

/** Sends batches of the queue through Enswitch; answers which messages are to be received again. */
export const handler = async (event: SQSEvent, context: Context) => {
  await using execution = begin();
  return await eachMessage(event, context, execution.handle);
};
