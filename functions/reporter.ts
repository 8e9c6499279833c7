import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { createAccountStore } from "../shared/account/account-store.ts";
import { bucketClientSettings, clientSettings } from "../shared/aws/client-settings.ts";
import { createDynamoTable } from "../shared/aws/dynamo-table.ts";
import { createLog } from "../shared/aws/log.ts";
import { createMetrics } from "../shared/aws/metrics.ts";
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { createCredentialsSecret } from "../shared/aws/secret.ts";
import { createQueue } from "../shared/aws/sqs-queue.ts";
import { createMails } from "../shared/aws/topic.ts";
import { createCampaigns } from "../shared/campaign/campaigns.ts";
import { createFeed } from "../shared/feed/feed.ts";
import { createSuppressions } from "../shared/feed/suppression.ts";
import { createBatches } from "../shared/ledger/batches.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { createMailer } from "../shared/reconcile/mailer.ts";
import { createRefresh } from "../shared/reconcile/refresh.ts";
import { createReporter } from "../shared/reconcile/reporter.ts";
import { createAnnounce } from "../shared/split/find-missed-uploads.ts";
import { ReporterEnv } from "./environment.ts";

const env = ReporterEnv.parse(process.env);
const sqs = new SQSClient(clientSettings);
const clock = systemClock;
const log = createLog("reporter");
const metrics = createMetrics(env.POWERTOOLS_SERVICE_NAME);
const freshToken = () => randomBytes(16).toString("hex");
const table = createDynamoTable(new DynamoDBClient(clientSettings), env.TABLE);
const bucket = createS3Bucket(new S3Client(bucketClientSettings), env.BUCKET);
const campaigns = createCampaigns(table);
const account = createAccountStore({ table, clock, freshToken });

const look = createReporter({
  bucket,
  campaigns,
  batches: createBatches({ table, clock, freshToken }),
  account,
  feed: createFeed({
    bucket,
    campaigns,
    enqueue: createQueue(sqs, env.BATCHES_QUEUE_URL),
    suppressions: createSuppressions(bucket),
    clock,
  }),
  refresh: createRefresh({ bucket, clock, ceiling: env.SENDS_PER_SECOND }),
  mailer: createMailer({ mail: createMails(new SNSClient(clientSettings), env.TOPIC_ARN), campaigns, account }),
  announce: createAnnounce({ bucket, enqueue: createQueue(sqs, env.UPLOADS_QUEUE_URL) }),
  secret: createCredentialsSecret(new SecretsManagerClient(clientSettings), env.SECRET_ARN),
  nudge: createQueue(sqs, env.NUDGES_QUEUE_URL),
  clock,
  metrics,
  log,
  ceiling: env.SENDS_PER_SECOND,
  visibilityMs: env.VISIBILITY_SECONDS * 1000,
});

/** Looks once, however many nudges came together; when that fails they come back. */
export const handler = async (_event: SQSEvent) => {
  try {
    await look();
    return { batchItemFailures: [] };
  } finally {
    metrics.flush();
  }
};
