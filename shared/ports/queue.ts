/**
 * Puts messages into a queue, in order as far as the queue keeps one, `delaySeconds` (0 to 900) before they can be
 * received. Resolves when all were accepted, throws when one was not (some may have been): callers repeat.
 */
export type Enqueue = (bodies: readonly string[], delaySeconds?: number) => Promise<void>;

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
