import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { Sqs, SqsMessage } from "../services/sqs.ts";
import { type QueueEventSource, type QueueResource, region } from "../template/resources.ts";
import type { Invocation } from "./environment.ts";

/** A running event source. */
export interface EventSource {
  /** Takes no more messages, and waits for the invocations in progress. */
  stop(): Promise<void>;
}

/** How long to wait after a failed receive, in milliseconds. */
const retryMs = 1_000;

/** SQS's longest wait for a message, in seconds. */
const longestWaitSeconds = 20;

/** The most messages that SQS gives at once. */
const most = 10;

interface EventSourceDeps {
  readonly source: QueueEventSource;
  readonly queue: Pick<QueueResource, "url" | "arn" | "logicalId">;
  readonly sqs: Pick<Sqs, "receive" | "delete">;
  readonly invoke: (event: unknown) => Promise<Invocation>;
  readonly onLog: (line: string) => void;
}

/**
 * Passes a queue's messages to a function, as Lambda's event source mapping does: up to `batchSize` messages per
 * invocation, and up to `maximumConcurrency` invocations at once. Messages that succeeded are deleted; those that failed
 * stay invisible until their visibility timeout runs out, or for as long as the function itself has decided. Of a batching
 * window, which says how long Lambda may gather at most, it takes no time: it gathers what is there, because an invocation
 * costs nothing here and somebody waits.
 */
export function startEventSource(deps: EventSourceDeps): EventSource {
  const { source, queue, sqs, invoke, onLog } = deps;
  const running = new Set<Promise<void>>();
  let freed = Promise.withResolvers<void>();
  let stopped = false;

  /** Tries a failed receive again, as Lambda's poller does; messages it had taken become visible again in time. */
  const recover = async (error: unknown): Promise<readonly SqsMessage[]> => {
    if (!stopped) {
      onLog(`${queue.logicalId} could not be read and will be tried again: ${String(error)}`);
      await sleep(retryMs);
    }
    return [];
  };

  const handle = async (messages: readonly SqsMessage[]): Promise<void> => {
    const event = { Records: messages.map((message) => recordOf(message, queue.arn)) };
    const invocation = await invoke(event);
    if (invocation.kind === "failed") {
      // What is cut off at the end, or could not be written down because the disk is full, says nothing of its own.
      if (!stopped) onLog(failureOf(deps, messages.length, invocation.reason));
      return;
    }
    const failed = source.reportsBatchItemFailures
      ? failedMessages(
          invocation.value,
          messages.map((message) => message.MessageId),
        )
      : new Set<string>();
    const done = messages.filter((message) => !failed.has(message.MessageId));
    if (done.length > 0) {
      await sqs.delete(
        queue.url,
        done.map((message) => message.ReceiptHandle),
      );
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      if (running.size >= source.maximumConcurrency) {
        await freed.promise;
        continue;
      }
      const messages = await gather(deps, () => stopped).catch(recover);
      if (messages.length === 0 || stopped) continue;
      const work = handle(messages)
        .catch((error: unknown) => onLog(`${queue.logicalId}: ${String(error)}`))
        .finally(() => {
          running.delete(work);
          freed.resolve();
          freed = Promise.withResolvers();
        });
      running.add(work);
    }
  };
  void loop();

  return {
    stop: async () => {
      // A receive in progress ends with the queue; messages it still brings are not handled.
      stopped = true;
      await Promise.all(running);
    },
  };
}

const failureOf = ({ source, queue }: EventSourceDeps, messages: number, reason: string): string =>
  `${source.functionName} failed for ${messages} message(s) of ${queue.logicalId}: ${reason}`;

/** The messages of one invocation; none where none came for long. */
async function gather(
  { source, queue, sqs }: Pick<EventSourceDeps, "source" | "queue" | "sqs">,
  stopped: () => boolean,
): Promise<readonly SqsMessage[]> {
  const batch = [...(await sqs.receive(queue.url, Math.min(source.batchSize, most), longestWaitSeconds))];
  // Without a window, Lambda passes on what it received; with one, it keeps gathering.
  let fresh = source.batchingWindowMs > 0 ? batch.length : 0;
  while (fresh > 0 && batch.length < source.batchSize && !stopped()) {
    const more = await sqs.receive(queue.url, Math.min(source.batchSize - batch.length, most), 0);
    batch.push(...more);
    fresh = more.length;
  }
  return batch;
}

const Response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which messages have failed according to a handler's answer. As on AWS, an empty answer means that all succeeded; one
 * that cannot be understood, or that names a message from outside the batch, means that all failed.
 */
export function failedMessages(answer: unknown, messageIds: readonly string[]): ReadonlySet<string> {
  if (answer === undefined || answer === null || answer === "") return new Set();
  const parsed = Response.safeParse(answer);
  if (!parsed.success) return new Set(messageIds);
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
  return [...failed].every((id) => messageIds.includes(id)) ? failed : new Set(messageIds);
}

function recordOf(message: SqsMessage, queueArn: string) {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    { stringValue: value["StringValue"], binaryValue: value["BinaryValue"], dataType: value["DataType"] },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: { SenderId: "local", ...message.Attributes },
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
