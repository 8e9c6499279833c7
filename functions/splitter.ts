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
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { createQueue, createVisibility } from "../shared/aws/sqs-queue.ts";
import { createMails } from "../shared/aws/topic.ts";
import { createCampaigns } from "../shared/campaign/campaigns.ts";
import { createFeed } from "../shared/feed/feed.ts";
import { createSuppressions } from "../shared/feed/suppression.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { createSplitUpload } from "../shared/split/split-upload.ts";
import { defaultsOf, SplitterEnv } from "./environment.ts";

const env = SplitterEnv.parse(process.env);
const sqs = new SQSClient(clientSettings);
const log = createLog("splitter");
const bucket = createS3Bucket(new S3Client(bucketClientSettings), env.BUCKET);
const campaigns = createCampaigns(createDynamoTable(new DynamoDBClient(clientSettings), env.TABLE));

const splitUpload = createSplitUpload({
  bucket,
  campaigns,
  feed: createFeed({
    bucket,
    campaigns,
    enqueue: createQueue(sqs, env.BATCHES_QUEUE_URL),
    suppressions: createSuppressions(bucket),
    clock: systemClock,
  }),
  nudge: createQueue(sqs, env.NUDGES_QUEUE_URL),
  mail: createMails(new SNSClient(clientSettings), env.TOPIC_ARN),
  clock: systemClock,
  freshToken: () => randomBytes(16).toString("hex"),
  log,
  defaults: defaultsOf(env),
  batchRows: env.BATCH_ROWS,
  ceiling: env.SENDS_PER_SECOND,
  retainDays: env.RETAIN_DAYS,
});

const eachMessage = createEachMessage({
  changeVisibility: createVisibility(sqs, env.UPLOADS_QUEUE_URL),
  clock: systemClock,
  log,
});

/** Turns announced uploads into campaigns; answers which announcements are to be seen again. */
export const handler = (event: SQSEvent, context: Context) =>
  eachMessage(event, context, ({ body, receiveCount }) => splitUpload(body, receiveCount));
