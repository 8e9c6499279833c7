/** Time as the core sees it, so that a simulation can own it. All instants are epoch milliseconds, all durations milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves at or after `at`; never before, though the platform's timers may fire a little early. */
  sleepUntil(at: number): Promise<void>;
}

/**
 * The machine's wall clock. `Date` and not `performance`: a frozen execution environment stops the monotonic clock,
 * so that after a thaw it would believe that slots long gone are still to come.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleepUntil: async (at) => {
    for (let wait = at - Date.now(); wait > 0; wait = at - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.ceil(wait), 2 ** 31 - 1)));
    }
  },
};

/** A fresh token that nobody else has: 128 random bits in hexadecimal in production, a counter in tests. */
export type FreshToken = () => string;
