import { randomBytes } from "node:crypto";
import { serviceMay } from "../gateway/access-control.ts";
import {
  accountId,
  type BucketNotification,
  type BucketResource,
  type QueueResource,
  region,
  type StackResources,
} from "../template/resources.ts";
import type { Version } from "./version.ts";

/** Puts one message into the queue with that URL. */
export type SendMessage = (queueUrl: string, body: string) => Promise<void>;

/** A new object, as the bucket announces it. */
export interface ObjectCreated {
  readonly bucket: string;
  readonly key: string;
  readonly version: Version;
  /** `Put`, `CompleteMultipartUpload` or `Copy`. */
  readonly by: string;
  /** The caller, as S3 names it in an event. */
  readonly principalId: string;
}

/** Tells queues about new objects, as the buckets' notification configurations ask. */
export interface BucketEvents {
  created(event: ObjectCreated): Promise<void>;
}

/** A bucket's notification with the queue it goes to. */
interface ResolvedNotification extends BucketNotification {
  readonly id: string;
  readonly bucket: BucketResource;
  readonly queue: QueueResource;
}

/**
 * S3's event notifications for the buckets of a stack. Throws when a bucket would notify a queue whose policy does not
 * let S3 send to it, which on AWS fails the deployment.
 */
export function createBucketEvents(
  stack: Pick<StackResources, "buckets" | "queues" | "queuePolicies">,
  send: SendMessage,
): BucketEvents {
  const notifications = stack.buckets.flatMap((bucket) =>
    bucket.notifications.map((notification, index): ResolvedNotification => {
      const queue = notifiedQueue(stack, bucket, notification.queueArn);
      return { ...notification, bucket, id: `${bucket.logicalId}-${index}`, queue };
    }),
  );
  let sequence = 0;

  return {
    created: async (created) => {
      sequence += 1;
      const sequencer =
        `${Date.now().toString(16)}${(sequence % 0x1000000).toString(16).padStart(6, "0")}`.toUpperCase();
      for (const notification of notifications) {
        if (!concerns(notification, created)) continue;
        const event = { Records: [eventRecord(notification, created, sequencer)] };
        await send(notification.queue.url, JSON.stringify(event));
      }
    },
  };
}

function notifiedQueue(
  stack: Pick<StackResources, "queues" | "queuePolicies">,
  bucket: BucketResource,
  queueArn: string,
): QueueResource {
  const queue = stack.queues.find((candidate) => candidate.arn === queueArn);
  if (queue === undefined) {
    throw new Error(`The bucket ${bucket.logicalId} notifies ${queueArn}, which is not a queue of the stack.`);
  }
  const context = {
    "aws:SourceArn": [bucket.arn],
    "aws:SourceAccount": [accountId],
    "aws:SecureTransport": ["true"],
  };
  const policies = stack.queuePolicies.get(queue.url) ?? [];
  if (!serviceMay(policies, "s3.amazonaws.com", "sqs:SendMessage", queue.arn, context)) {
    throw new Error(
      `The bucket ${bucket.logicalId} notifies the queue ${queue.logicalId}, whose policy does not let S3 send.`,
    );
  }
  return queue;
}

function concerns({ bucket, event, prefix, suffix }: ResolvedNotification, created: ObjectCreated): boolean {
  if (bucket.name !== created.bucket) return false;
  if (!/^s3:ObjectCreated:/.test(event)) return false;
  if (!event.endsWith(":*") && event !== `s3:ObjectCreated:${created.by}`) return false;
  return created.key.startsWith(prefix) && created.key.endsWith(suffix);
}

function eventRecord({ bucket, id }: ResolvedNotification, created: ObjectCreated, sequencer: string) {
  const { key, version, by, principalId } = created;
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: region,
    eventTime: new Date(version.modifiedAt).toISOString(),
    eventName: `ObjectCreated:${by}`,
    userIdentity: { principalId },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": requestId(), "x-amz-id-2": "local" },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: id,
      bucket: { name: bucket.name, ownerIdentity: { principalId: "LOCAL" }, arn: bucket.arn },
      object: {
        key: encodeEventKey(key),
        size: version.size,
        eTag: version.etag,
        ...(bucket.versioned && { versionId: version.versionId }),
        sequencer,
      },
    },
  };
}

function requestId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

/** Keys in events are encoded as in an HTML form: spaces become `+`, slashes stay. */
function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");
}
