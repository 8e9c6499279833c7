import { Stack } from "aws-cdk-lib";
import { pageFolder, pageSettingsKey } from "../shared/console/page-folder.ts";
import { optOutsKey } from "../shared/opt-outs/opt-out-list.ts";
import { folders } from "../shared/ports/bucket-layout.ts";
import { eventSource } from "../shared/ports/events.ts";
import type { Console } from "./console.ts";
import type { QueueWorker } from "./queue-worker.ts";
import type { Settings } from "./settings.ts";
import type { WorkerResources, Workers } from "./workers.ts";

/** Allows each function exactly the calls that it makes. */
export function grantCalls(
  workers: Workers,
  { queues, table, bucket, secret, topic, console }: WorkerResources,
  { approval, optOut }: Pick<Settings, "approval" | "optOut">,
): void {
  const { splitter, sender, reporter } = workers;
  const ledger = [table.tableArn];
  const uploads = queues.uploads.queue.queueArn;
  const batches = queues.batches.queue.queueArn;
  const nudges = queues.nudges.queue.queueArn;

  // Without ListBucket, a missing object is a 403, which looks like a missing grant.
  for (const worker of [splitter, sender, reporter]) worker.may(["s3:ListBucket"], [bucket.bucketArn]);

  splitter.mayWithObjects(["s3:GetObject", "s3:GetObjectVersion"], bucket, folders.campaigns, folders.check);
  splitter.mayWithObjects(
    ["s3:GetObject"],
    bucket,
    folders.attachments,
    folders.suppression,
    folders.work,
    folders.reports,
  );
  splitter.mayWithObjects(["s3:PutObject", "s3:AbortMultipartUpload"], bucket, folders.work, folders.reports);
  splitter.mayWithObjects(["s3:DeleteObject"], bucket, folders.work);
  // By the tag it tells people of an identity pool apart.
  if (approval !== "never") splitter.mayWithObjects(["s3:GetObjectVersionTagging"], bucket, folders.campaigns);
  splitter.may(["dynamodb:GetItem", "dynamodb:UpdateItem"], ledger);
  splitter.may(["sqs:ChangeMessageVisibility"], [uploads]);
  splitter.may(["sqs:SendMessage"], [batches, nudges]);
  splitter.may(["sns:Publish"], [topic.topicArn]);

  sender.mayWithObjects(["s3:GetObject", "s3:GetObjectVersion"], bucket, folders.attachments);
  sender.may(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], ledger);
  sender.may(["sqs:ChangeMessageVisibility"], [batches]);
  sender.may(["sqs:SendMessage"], [nudges]);
  sender.may(["secretsmanager:GetSecretValue"], [secret.secretArn]);

  reporter.mayWithObjects(
    ["s3:GetObject"],
    bucket,
    folders.campaigns,
    folders.work,
    folders.suppression,
    folders.reports,
  );
  reporter.mayWithObjects(["s3:PutObject", "s3:AbortMultipartUpload"], bucket, folders.reports);
  reporter.mayWithObjects(["s3:DeleteObject"], bucket, folders.work);
  // Of the suppression lists it writes only the one by which people opt out.
  if (optOut !== undefined) reporter.may(["s3:PutObject"], [bucket.arnForObjects(optOutsKey)]);
  reporter.may(["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query"], ledger);
  reporter.may(["sqs:SendMessage"], [uploads, batches, nudges]);
  reporter.may(["secretsmanager:GetSecretValue"], [secret.secretArn]);
  reporter.may(["sns:Publish"], [topic.topicArn]);
  const defaultBus = Stack.of(table).formatArn({ service: "events", resource: "event-bus", resourceName: "default" });
  reporter.may(["events:PutEvents"], [defaultBus], { StringEquals: { "events:source": eventSource } });
  if (console !== undefined) grantPublishing(reporter, console);
}

/** The page's settings are read before they are replaced; without ListBucket, missing ones would be forbidden ones. */
function grantPublishing(reporter: QueueWorker, { pages }: Console): void {
  reporter.may(["s3:ListBucket"], [pages.bucketArn]);
  reporter.may(["s3:GetObject"], [pages.arnForObjects(pageSettingsKey)]);
  reporter.mayWithObjects(["s3:PutObject"], pages, pageFolder);
}
