import type { FunctionEnvironment } from "./environment.ts";

/** Why an invocation gets no environment when all of them are ended for good. */
export const closing = "the embedded cloud is closing";

/**
 * How long an environment stays unused before it is ended, milliseconds: where another one is free, too, and where none is. What is
 * called every minute stays.
 */
const unusedMs = { surplus: 5_000, last: 90_000 } as const;

/**
 * How long an invocation waits for a busy environment before another is started: so many times as long as the last start
 * took, and at least so many milliseconds. Starting takes the processor from those that are busy, whose first invocation is
 * slow because their code is not compiled yet.
 */
const patience = { starts: 3, leastMs: 1_000 } as const;

/** The environments of one function. */
export interface Environments<Environment> {
  readonly all: ReadonlySet<Environment>;
  /** Starts one in advance. */
  start(): void;
  /** One that is ready, for one invocation. Rejects when one that it waited for could not start, and after `close`. */
  take(): Promise<Environment>;
  /** Has it again for the next invocation, unless it has ended. */
  giveBack(environment: Environment): void;
  /** Whoever waits for an environment gets none. */
  close(): void;
}

/**
 * The environments of one function, no more than are needed: an invocation for which there is none waits for one that is
 * busy, longer than starting another would take. A list that is uploaded to a new cloud brings three events at once, and
 * starting an environment takes longer than most invocations. One that is free is kept for the next; others are ended
 * soon, because each takes tens of megabytes, and so is the last one when nobody has used it for long.
 */
export function createEnvironments<Environment extends Pick<FunctionEnvironment, "ready" | "end">>(
  startOne: (onExit: () => void) => Environment,
): Environments<Environment> {
  const all = new Set<Environment>();
  const free = createTurns<Environment>((environment) => void environment.end());
  let starting = 0;
  /** How long the last start took, in milliseconds. */
  let startMs = 0;
  let waited: NodeJS.Timeout | undefined;

  const start = (): void => {
    const began = performance.now();
    const environment = startOne(() => {
      all.delete(environment);
      free.withdraw(environment);
      startAsNeeded();
    });
    all.add(environment);
    starting += 1;
    const ready = () => {
      startMs = performance.now() - began;
      free.offer(environment);
    };
    void environment.ready.then(ready, free.refuseFirst).finally(() => {
      starting -= 1;
      startAsNeeded();
    });
  };
  const startForEach = () => {
    for (let waiting = free.waiting(); waiting > 0; waiting--) start();
  };
  const startAsNeeded = (): void => {
    if (free.waiting() === 0 || starting > 0) return;
    if (all.size === 0) startForEach();
    else
      waited ??= setTimeout(
        () => {
          waited = undefined;
          if (starting === 0) startForEach();
        },
        Math.max(patience.starts * startMs, patience.leastMs),
      );
  };

  return {
    all,
    start,
    giveBack: free.offer,
    take: () => {
      const taken = free.take();
      startAsNeeded();
      return taken;
    },
    close: () => {
      clearTimeout(waited);
      free.keep();
      while (free.waiting() > 0) free.refuseFirst(new Error(closing));
    },
  };
}

/** What is free, and whoever waits for something that is, in order. `onUnused` gets what has been free for too long. */
function createTurns<Thing>(onUnused: (thing: Thing) => void) {
  const idle: Thing[] = [];
  const timers = new Map<Thing, NodeJS.Timeout>();
  const withdraw = (thing: Thing): void => {
    clearTimeout(timers.get(thing));
    timers.delete(thing);
    const at = idle.indexOf(thing);
    if (at >= 0) idle.splice(at, 1);
  };
  const end = (thing: Thing): void => {
    withdraw(thing);
    onUnused(thing);
  };
  const lieIdle = (thing: Thing): void => {
    idle.push(thing);
    const endSurplus = () => {
      if (idle.length > 1) return end(thing);
      timers.set(
        thing,
        setTimeout(() => end(thing), unusedMs.last - unusedMs.surplus),
      );
    };
    timers.set(thing, setTimeout(endSurplus, unusedMs.surplus));
  };
  const waiting: PromiseWithResolvers<Thing>[] = [];
  return {
    waiting: () => waiting.length,
    offer: (thing: Thing): void => {
      const first = waiting.shift();
      if (first === undefined) lieIdle(thing);
      else first.resolve(thing);
    },
    withdraw,
    /** Ends nothing any more for being free. */
    keep: (): void => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
    refuseFirst: (error: unknown): void => waiting.shift()?.reject(error),
    take: async (): Promise<Thing> => {
      const last = idle.at(-1);
      if (last !== undefined) {
        withdraw(last);
        return last;
      }
      const turn = Promise.withResolvers<Thing>();
      waiting.push(turn);
      return turn.promise;
    },
  };
}
