import { slotsAtOnce, slowBatch } from "../account/slots.ts";
import { longestDelaySeconds } from "../ports/queue.ts";

/**
 * How much sending becomes visible in the queue at once, in milliseconds: what one invocation of the sender is meant to
 * take. Long, because its connections end with it and while one sends the next already waits and is paid for, which weighs most
 * at a slow rate; short, because a lease outlasts it. The sizes of invocations are derived from it (`infra/rates.ts`).
 */
const turnMs = (rate: number): number => (rate < slowBatch.rows ? 60_000 : 30_000);

/**
 * How long before its first slot a turn is visible, in milliseconds. An invocation begins within a second or two; what is
 * queued is known a second or two late; and delays are whole seconds.
 */
const headStartMs = 5_000;

/** The same at `rate`, where a batch may take longer than a second: rows count as queued until their batch is recorded. */
const headStartAt = (rate: number): number =>
  headStartMs + Math.max(0, (1000 * (slotsAtOnce(rate) - 1)) / rate - 1_000);

/** Rows of a turn (not rounded): where a row takes longer than the head start, it is cheaper to begin again for each. */
export const rowsInTurn = (rate: number): number => (1000 / rate > headStartMs ? 1 : (rate * turnMs(rate)) / 1000);

/** When what is fed will be sent: `rowsAhead` rows were waiting at `since` (epoch ms), and `rate` rows a second are sent. */
export interface FeedPace {
  readonly since: number;
  readonly rowsAhead: number;
  readonly rate: number;
}

/**
 * How long a message stays invisible, in whole seconds, if `rowsBefore` rows are fed before it: until shortly before its
 * turn, so that no sender is paid for waiting. It is never too late: nothing is sent faster than the rate. Other campaigns
 * may make it too early, which only costs.
 */
export function delaySeconds({ since, rowsAhead, rate }: FeedPace, rowsBefore: number, now: number): number {
  const rows = rowsInTurn(rate);
  const first = Math.floor(rowsBefore / rows) * rows;
  const visibleAt = since + ((rowsAhead + first) / rate) * 1000 - headStartAt(rate);
  return Math.min(longestDelaySeconds, Math.max(0, Math.floor((visibleAt - now) / 1000)));
}
