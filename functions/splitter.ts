import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { bucketClientSettings, clientSettings } from "../shared/aws/client-settings.ts";
import { createDynamoTable } from "../shared/aws/dynamo-table.ts";
import { createEachMessage } from "../shared/aws/each-message.ts";
import { createLog } from "../shared/aws/log.ts";
import { createObjectTags } from "../shared/aws/object-tags.ts";
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { createQueue, createVisibility } from "../shared/aws/sqs-queue.ts";
import { createMails } from "../shared/aws/topic.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { createSplitter } from "../shared/split/splitter.ts";
import { dayLimitOf, defaultsOf, SplitterEnv } from "./environment.ts";

const env = SplitterEnv.parse(process.env);
const sqs = new SQSClient(clientSettings);
const s3 = new S3Client(bucketClientSettings);
const log = createLog("splitter");

const split = createSplitter({
  table: createDynamoTable(new DynamoDBClient(clientSettings), env.TABLE),
  bucket: createS3Bucket(s3, env.BUCKET),
  tagOf: createObjectTags(s3, env.BUCKET),
  enqueueBatches: createQueue(sqs, env.BATCHES_QUEUE_URL),
  nudge: createQueue(sqs, env.NUDGES_QUEUE_URL),
  mail: createMails(new SNSClient(clientSettings), env.TOPIC_ARN),
  defaults: defaultsOf(env),
  batchRows: env.BATCH_ROWS,
  ceiling: env.SENDS_PER_SECOND,
  dayLimit: dayLimitOf(env),
  retainDays: env.RETAIN_DAYS,
  graceSeconds: env.GRACE_SECONDS,
  simulated: env.SIMULATED === undefined ? undefined : true,
  approval: env.APPROVAL,
  reporterFeedsFirst: env.OPT_OUT !== undefined,
  clock: systemClock,
  freshToken: () => randomBytes(16).toString("hex"),
  log,
});

const eachMessage = createEachMessage({
  changeVisibility: createVisibility(sqs, env.UPLOADS_QUEUE_URL),
  clock: systemClock,
  log,
});

/** Turns announced uploads into campaigns; answers which announcements are to be seen again. */
export const handler = (event: SQSEvent, context: Context) => eachMessage(event, context, split);
