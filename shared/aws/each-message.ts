import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Handled, QueueMessage } from "../ports/queue.ts";
import type { ChangeVisibility } from "./sqs-queue.ts";

/** Handles one message. At `deadline` (epoch milliseconds) the function is stopped. */
export type HandleMessage = (message: QueueMessage, deadline: number) => Promise<Handled>;

interface Deps {
  readonly changeVisibility: ChangeVisibility;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** Called once after all messages were handled, for example to flush metrics. */
  readonly atEnd?: () => void;
}

/**
 * Handles the messages of one Lambda event: all are started in the order received and run concurrently. An error thrown
 * for one message fails that message alone, so that SQS keeps only that one; it comes back when its visibility ends. Needs `ReportBatchItemFailures` on the event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function createEachMessage({ changeVisibility, clock, log, atEnd }: Deps) {
  return async (
    event: SQSEvent,
    context: Pick<Context, "getRemainingTimeInMillis">,
    handle: HandleMessage,
  ): Promise<SQSBatchResponse> => {
    const deadline = clock.now() + context.getRemainingTimeInMillis();

    /** Whether the message is finished and can be removed. */
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

const messageOf = ({ body, attributes }: SQSRecord): QueueMessage => ({
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});
