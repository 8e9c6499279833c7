/**
 * Below 100/s a rate may come so near to the next whole number of calls, above it, that no call could be late without
 * one second holding that number and one more (at 3.999/s: five). Such a rate is used a little slower, by 0.5 % at most.
 */
const roomForLateness = 0.995;

const paced = (rate: number): number => (rate < 100 ? Math.min(rate, (Math.floor(rate) + 1) * roomForLateness) : rate);

/** Time between two calls at `rate` calls per second, in milliseconds (not rounded). */
export const intervalMs = (rate: number): number => 1000 / paced(rate);

/** Whatever the rate, a call this late would look late to a person waiting for a pause to take hold; milliseconds. */
export const latestMs = 500;

/**
 * How late a call may still use its slot, in milliseconds: so little that no second holds more than `rate + 1` calls
 * (above 100/s: `rate + 1 % + 1`), whichever calls are late and whichever are on time.
 *
 * Calls of a one-second window have slots in a span of one second plus this tolerance. That span holds at most
 * `floor(rate) + 1` slots as long as `tolerance <= (floor(rate) + 1 - rate) * interval`, which for whole rates is one
 * interval. At 100/s and above, 10 ms are 1 % of the second. It is never less than 5 ms, which timers need.
 */
export function lateToleranceMs(rate: number): number {
  if (rate >= 100) return 10;
  return Math.min(latestMs, (Math.floor(rate) + 1 - paced(rate)) * intervalMs(rate));
}

/**
 * The fastest that one execution sends, calls per second, where it has a share of a processor: several milliseconds of it for
 * each call. All executions of an account must be told the same.
 */
export const usualLaneRate = 200;

/** Executions that send side by side at `rate`, where each sends up to `laneRate` calls a second. */
export const lanesOf = (rate: number, laneRate = usualLaneRate): number => Math.ceil(rate / laneRate);

/** Time between two calls of one execution of several, in milliseconds. */
export const stepMs = (rate: number, lanes: number): number => lanes * intervalMs(rate);

/**
 * At a slow rate claims and records cost more than the calls, so that rows share them: so many rows, as far as so many
 * seconds of sending yield them. Not more, because a batch once claimed notices neither a pause nor a new rate.
 */
export const slowBatch = { rows: 5, seconds: 5 } as const;

/** Slots handed out at once: one second of an execution's sending, at a slow rate a batch, or one row when that takes longer. */
export const slotsAtOnce = (rate: number, laneRate?: number): number =>
  Math.max(
    1,
    Math.floor(rate / lanesOf(rate, laneRate)),
    Math.min(slowBatch.rows, Math.floor(slowBatch.seconds * rate)),
  );
