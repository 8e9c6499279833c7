/** What the times of calls (in milliseconds from any origin) say about the rate that was kept. */
export interface HeldRate {
  /** Calls per second while there was work. The last hundredth is left out: rows that missed their slots when no others were left. */
  readonly average: number;
  /** The most calls in any one second. */
  readonly worstSecond: number;
}

/** Judges calls of at least two instants. */
export function heldRate(times: readonly number[]): HeldRate {
  const sorted = times.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || last === first) throw new Error("All calls were at one instant.");
  const busy = sorted.slice(0, Math.max(2, Math.ceil(sorted.length * 0.99)));
  return { average: ((busy.length - 1) * 1000) / ((busy.at(-1) ?? last) - first), worstSecond: worstSecondOf(times) };
}

/** The most calls in any one second, also of a few at the same instant. */
export function worstSecondOf(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let worst = 0;
  let oldest = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[oldest] ?? at) <= at - 1000) oldest++;
    worst = Math.max(worst, index - oldest + 1);
  }
  return worst;
}

/** The most calls that the promise allows in one second: one more than the rate, and above 100 a second another 1 %. */
export const mostInASecond = (rate: number): number => Math.floor(rate > 100 ? rate * 1.01 + 1 : rate + 1);
