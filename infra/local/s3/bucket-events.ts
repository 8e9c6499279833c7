import { randomBytes } from "node:crypto";
import { serviceMay } from "../gateway/access-control.ts";
import {
  accountId,
  type BucketResource,
  type QueueResource,
  region,
  type StackResources,
} from "../template/resources.ts";
import type { ObjectCreated } from "./s3-service.ts";

/** Puts one message into the queue with that URL. */
export type SendMessage = (queueUrl: string, body: string) => Promise<void>;

/** Tells queues of new objects, as the buckets' notification configurations ask. */
export interface BucketEvents {
  /** What S3 sends to every notified queue when the notification is set up. */
  announceTest(): Promise<void>;
  created(event: ObjectCreated): Promise<void>;
}

/**
 * S3's event notifications for the buckets of a stack. Throws when a bucket would notify a queue whose policy does not
 * let S3 send to it, which on AWS fails the deployment.
 */
export function createBucketEvents(
  stack: Pick<StackResources, "buckets" | "queues" | "queuePolicies">,
  send: SendMessage,
): BucketEvents {
  const queueOf = (bucket: BucketResource, arn: string): QueueResource => {
    const queue = stack.queues.find((candidate) => candidate.arn === arn);
    if (queue === undefined)
      throw new Error(`The bucket ${bucket.logicalId} notifies ${arn}, which is no queue of the stack.`);
    const context = {
      "aws:SourceArn": [bucket.arn],
      "aws:SourceAccount": [accountId],
      "aws:SecureTransport": ["true"],
    };
    if (
      !serviceMay(stack.queuePolicies.get(queue.url) ?? [], "s3.amazonaws.com", "sqs:SendMessage", queue.arn, context)
    ) {
      throw new Error(
        `The bucket ${bucket.logicalId} notifies the queue ${queue.logicalId}, whose policy does not let S3 send.`,
      );
    }
    return queue;
  };
  const notifications = stack.buckets.flatMap((bucket) =>
    bucket.notifications.map((notification, index) => ({
      ...notification,
      bucket,
      id: `${bucket.logicalId}-${index}`,
      queue: queueOf(bucket, notification.queueArn),
    })),
  );
  let sequence = 0;

  return {
    announceTest: async () => {
      for (const { bucket, queue } of notifications) {
        const event = {
          Service: "Amazon S3",
          Event: "s3:TestEvent",
          Time: new Date().toISOString(),
          Bucket: bucket.name,
          RequestId: randomBytes(8).toString("hex").toUpperCase(),
          HostId: "local",
        };
        await send(queue.url, JSON.stringify(event));
      }
    },
    created: async ({ bucket, key, version, by, principalId }) => {
      sequence += 1;
      const sequencer =
        `${Date.now().toString(16)}${(sequence % 0x1000000).toString(16).padStart(6, "0")}`.toUpperCase();
      for (const notification of notifications) {
        if (notification.bucket.name !== bucket) continue;
        if (!/^s3:ObjectCreated:/.test(notification.event)) continue;
        if (!notification.event.endsWith(":*") && notification.event !== `s3:ObjectCreated:${by}`) continue;
        if (!key.startsWith(notification.prefix) || !key.endsWith(notification.suffix)) continue;
        const event = {
          Records: [
            {
              eventVersion: "2.1",
              eventSource: "aws:s3",
              awsRegion: region,
              eventTime: new Date(version.modifiedAt).toISOString(),
              eventName: `ObjectCreated:${by}`,
              userIdentity: { principalId },
              requestParameters: { sourceIPAddress: "127.0.0.1" },
              responseElements: {
                "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
                "x-amz-id-2": "local",
              },
              s3: {
                s3SchemaVersion: "1.0",
                configurationId: notification.id,
                bucket: { name: bucket, ownerIdentity: { principalId: "LOCAL" }, arn: notification.bucket.arn },
                object: {
                  key: encodeEventKey(key),
                  size: version.size,
                  eTag: version.etag,
                  ...(notification.bucket.versioned && { versionId: version.versionId }),
                  sequencer,
                },
              },
            },
          ],
        };
        await send(notification.queue.url, JSON.stringify(event));
      }
    },
  };
}

/** Keys in events are encoded as in an HTML form: blanks are `+`, slashes stay. */
export function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");
}
