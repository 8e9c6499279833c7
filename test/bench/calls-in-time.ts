/** What the times of calls (epoch or any other milliseconds) say about the rate that was held. */
export interface HeldRate {
  /** Calls a second while there is work: up to the last hundredth, the rows that missed their slots when no others were left. */
  readonly average: number;
  /** The most calls in any one second. */
  readonly worstSecond: number;
}

/** Judges calls; there must be two at least. */
export function heldRate(times: readonly number[]): HeldRate {
  const sorted = times.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || last === first) throw new Error("There were no two calls.");
  let worstSecond = 0;
  let oldest = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[oldest] ?? at) <= at - 1000) oldest++;
    worstSecond = Math.max(worstSecond, index - oldest + 1);
  }
  const busy = sorted.slice(0, Math.max(2, Math.ceil(sorted.length * 0.99)));
  return { average: ((busy.length - 1) * 1000) / ((busy.at(-1) ?? last) - first), worstSecond };
}

/** Calls that one second may hold, as promised: one more than the rate, and 1 % more above 100 a second. */
export const mostInASecond = (rate: number): number => Math.floor(rate > 100 ? rate * 1.01 + 1 : rate + 1);
