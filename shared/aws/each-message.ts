import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ChangeVisibility } from "./sqs-queue.ts";

/** A message as the core sees it. */
export interface ReceivedMessage {
  readonly body: string;
  readonly messageId: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  /** When it was put into the queue, epoch milliseconds. */
  readonly sentAt: number;
}

/** What to do with a message now: remove it, or see it again after `afterMs`. */
export type Handled = { readonly kind: "done" } | { readonly kind: "give-back"; readonly afterMs: number };

/** Handles one message until `deadline` (epoch milliseconds), when the function is stopped. */
export type HandleMessage = (message: ReceivedMessage, deadline: number) => Promise<Handled>;

interface Deps {
  readonly changeVisibility: ChangeVisibility;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** Called once when all messages were handled, for example to flush metrics. */
  readonly atEnd?: () => void;
}

/**
 * A Lambda handler's way through the messages of one event: all are begun in the order of their receipt and handled
 * beside one another. What was thrown for one message is that message's failure alone, so that SQS keeps just that one;
 * it comes back when its visibility ends. Needs `ReportBatchItemFailures` on the event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function createEachMessage({ changeVisibility, clock, log, atEnd }: Deps) {
  return async (
    event: SQSEvent,
    context: Pick<Context, "getRemainingTimeInMillis">,
    handle: HandleMessage,
  ): Promise<SQSBatchResponse> => {
    const deadline = clock.now() + context.getRemainingTimeInMillis();

    /** Whether the message is done with. */
    const settle = async (record: SQSRecord): Promise<boolean> => {
      try {
        const handled = await handle(messageOf(record), deadline);
        switch (handled.kind) {
          case "done":
            return true;
          case "give-back":
            await changeVisibility(record.receiptHandle, Math.ceil(handled.afterMs / 1000));
            return false;
          default:
            return handled satisfies never;
        }
      } catch (error) {
        log.error("A message could not be handled; it comes back when its visibility ends.", error, {
          messageId: record.messageId,
          receiveCount: Number(record.attributes.ApproximateReceiveCount),
        });
        return false;
      }
    };

    const settled = await Promise.all(event.Records.map(settle));
    atEnd?.();
    return {
      batchItemFailures: event.Records.filter((_, index) => !settled[index]).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  };
}

const messageOf = ({ body, messageId, attributes }: SQSRecord): ReceivedMessage => ({
  body,
  messageId,
  receiveCount: Number(attributes.ApproximateReceiveCount),
  sentAt: Number(attributes.SentTimestamp),
});
