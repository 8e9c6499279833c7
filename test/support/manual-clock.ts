import type { Clock, FreshToken } from "../../shared/ports/clock.ts";

/** 2 March 2026, a Monday, 09:00:00 UTC. */
export const nineOClock = Date.UTC(2026, 2, 2, 9);

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves to an instant, waking on the way whoever sleeps until then, in order. */
  advanceTo(at: number): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Lets time pass from one sleeper to the next until `work` is over; gives what it gives, and fails when all stand still. */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

/** A clock standing at `start` (epoch ms). */
export function createManualClock(start = nineOClock): ManualClock {
  let now = start;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  const next = () => sleepers.reduce<number | undefined>((least, { at }) => Math.min(least ?? at, at), undefined);

  const wakeAt = async (at: number) => {
    now = Math.max(now, at);
    for (;;) {
      const index = sleepers.findIndex((sleeper) => sleeper.at <= now);
      if (index < 0) break;
      sleepers.splice(index, 1)[0]?.wake();
      await quiet();
    }
  };

  const clock: ManualClock = {
    now: () => now,
    sleepUntil: (at) =>
      at <= now ? Promise.resolve() : new Promise((resolve) => sleepers.push({ at, wake: () => resolve() })),
    advanceTo: async (to) => {
      await quiet();
      for (let at = next(); at !== undefined && at <= to; at = next()) await wakeAt(at);
      now = Math.max(now, to);
      await quiet();
    },
    advance: (ms) => clock.advanceTo(now + ms),
    run: async (work) => {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      for (let idle = 0; idle < 200; idle++) {
        await quiet();
        if (over) return work;
        const at = next();
        if (at === undefined) continue;
        idle = 0;
        await wakeAt(at);
      }
      throw new Error("The work waits for something that never comes: nobody sleeps, and it is not over.");
    },
  };
  return clock;
}

/** Resolves when everything that needs no more than the event loop has happened. */
export const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tokens `t1`, `t2`, … that no other call gives out. */
export function createTokens(prefix = "t"): FreshToken {
  let last = 0;
  return () => `${prefix}${++last}`;
}
