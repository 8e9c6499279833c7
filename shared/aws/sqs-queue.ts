import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type Enqueue, longestMessageBytes, refuseLongMessages, refuseWrongDelay } from "../ports/queue.ts";
import { utf8Length } from "../utf8-length.ts";
import { toQueueText } from "./queue-text.ts";

/**
 * SQS's limits: 10 messages a request, and 1 MiB of UTF-8 both for one message and for all of a request.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const queueLimits = { entries: 10, bytes: longestMessageBytes } as const;

/** Longest visibility time-out in seconds, 12 hours, by SQS's limit (see the same page). */
const longestVisibility = 43_200;

/** Requests in flight at once: enough to hide the latency, few enough to keep the order roughly. */
const requestsInFlight = 4;

/** How often messages are offered that SQS did not accept although it accepted their request. */
const attempts = 4;

/** Puts JSON texts into a queue. A text over 1 MiB is refused before anything is sent. */
export function createQueue(client: SQSClient, queueUrl: string): Enqueue {
  const sendGroup = async (group: readonly string[], delaySeconds: number | undefined) => {
    let waiting = group.map((body, index) => ({ Id: String(index), MessageBody: body, DelaySeconds: delaySeconds }));
    for (let attempt = 1; ; attempt++) {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: waiting }));
      const [first] = Failed;
      if (first === undefined) return;
      if (attempt === attempts || Failed.some((failure) => failure.SenderFault)) {
        throw new Error(
          `SQS did not accept ${Failed.length} of ${group.length} messages (${first.Code}); the others are in the queue, so the same messages may be put there again.`,
        );
      }
      const failed = new Set(Failed.map((failure) => failure.Id));
      waiting = waiting.filter((entry) => failed.has(entry.Id));
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
    }
  };

  return async (bodies, delaySeconds) => {
    refuseWrongDelay(delaySeconds);
    const groups = groupsOf(bodies.map(toQueueText)).values();
    let failed = false;
    const sendOn = async () => {
      for (const group of groups) {
        if (failed) return;
        await sendGroup(group, delaySeconds).catch((error: unknown) => {
          failed = true;
          throw error;
        });
      }
    };
    // All lanes are awaited before a failure is thrown, so that no request outlives this call.
    const lanes = await Promise.allSettled(Array.from({ length: requestsInFlight }, sendOn));
    const broken = lanes.find((lane) => lane.status === "rejected");
    if (broken !== undefined) throw broken.reason;
  };
}

/** Cuts texts, in order, into groups that each fit into one request. Throws a RangeError for a text over 1 MiB. */
export function groupsOf(texts: readonly string[]): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  let bytes = 0;
  refuseLongMessages(texts);
  for (const text of texts) {
    const size = utf8Length(text);
    if (group.length === 0 || group.length === queueLimits.entries || bytes + size > queueLimits.bytes) {
      group = [];
      bytes = 0;
      groups.push(group);
    }
    group.push(text);
    bytes += size;
  }
  return groups;
}

/** Makes a received message come back after `seconds` (rounded up, and clamped to SQS's limits, 0 and 43200). */
export type ChangeVisibility = (receiptHandle: string, seconds: number) => Promise<void>;

/** Changes the visibility of messages received from a queue. Throws when the receipt is no longer valid. */
export function createVisibility(client: SQSClient, queueUrl: string): ChangeVisibility {
  return async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(longestVisibility, Math.max(0, Math.ceil(seconds))),
      }),
    );
  };
}
