/** Longest time before a message can be received, in seconds. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const longestDelaySeconds = 900;

/** Longest message, in bytes of UTF-8 (1 MiB). See the same page. */
export const longestMessageBytes = 1_048_576;

/**
 * Puts JSON texts into a queue as messages, any number of them, in order as far as the queue keeps one. They can be
 * received after `delaySeconds` (a whole number from 0 to 900; absent: the queue's own delay). Resolves when all were
 * accepted, throws when one was not; some may have been, and callers repeat them all. A message over 1 MiB or another
 * delay is refused before any message is accepted. `test/support/contracts/queue.ts` holds every implementation to this.
 */
export type Enqueue = (bodies: readonly string[], delaySeconds?: number) => Promise<void>;

/** Throws a RangeError for a delay that no queue takes. */
export function refuseWrongDelay(delaySeconds: number | undefined): void {
  if (delaySeconds === undefined) return;
  if (Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= longestDelaySeconds) return;
  throw new RangeError(
    `A message cannot be delayed by ${delaySeconds} s, only by 0 to ${longestDelaySeconds} whole seconds.`,
  );
}

/** Throws a RangeError for a message that no queue takes, told by its place. */
export function refuseLongMessages(bodies: readonly string[]): void {
  bodies.forEach((body, index) => {
    const bytes = new TextEncoder().encode(body).length;
    if (bytes > longestMessageBytes) {
      throw new RangeError(
        `Message ${index + 1} of ${bodies.length} has ${bytes} bytes, but SQS takes at most ${longestMessageBytes}.`,
      );
    }
  });
}

/** What the reporter's queue carries: hints to look now. `tick` is the schedule's. */
export type Nudge = { readonly kind: "tick" } | { readonly kind: "look" };

/** A nudge as a message's body. */
export const nudgeBody = (nudge: Nudge): string => JSON.stringify(nudge);

/** A received message. */
export interface QueueMessage {
  readonly body: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
}

/** What to do with a received message now: remove it, or see it again after `afterMs`. */
export type Handled = { readonly kind: "done" } | { readonly kind: "give-back"; readonly afterMs: number };
