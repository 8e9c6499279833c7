/** An event as other systems receive it. */
export interface OutgoingEvent {
  /** EventBridge's detail-type, such as `campaign.paused`. */
  readonly type: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** What is told of it: plain JSON data of at most 200 KB. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Tells other systems of an event. Resolves once it was accepted and rejects when that is not certain: then it is to be
 * published again, and may arrive twice.
 */
export type Publish = (event: OutgoingEvent) => Promise<void>;

/** The `source` of all events. */
export const eventSource = "bulk-send";
