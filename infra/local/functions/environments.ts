import type { FunctionEnvironment } from "./environment.ts";

/** Why an invocation gets no environment when all of them are ended for good. */
export const closing = "the embedded cloud is closing";

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
 * busy, as long as starting another would take. A list that is uploaded to a new cloud brings three events at once, and
 * starting an environment takes longer than most invocations.
 */
export function createEnvironments<Environment extends Pick<FunctionEnvironment, "ready">>(
  startOne: (onExit: () => void) => Environment,
): Environments<Environment> {
  const all = new Set<Environment>();
  const free = createTurns<Environment>();
  let starting = 0;
  /** How long the last start took, in milliseconds. */
  let startMs = 0;
  let patience: NodeJS.Timeout | undefined;

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
      patience ??= setTimeout(() => {
        patience = undefined;
        if (starting === 0) startForEach();
      }, startMs);
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
      clearTimeout(patience);
      while (free.waiting() > 0) free.refuseFirst(new Error(closing));
    },
  };
}

/** What is free, and whoever waits for something that is, in order. */
function createTurns<Thing>() {
  const idle: Thing[] = [];
  const waiting: PromiseWithResolvers<Thing>[] = [];
  return {
    waiting: () => waiting.length,
    offer: (thing: Thing): void => {
      const first = waiting.shift();
      if (first === undefined) idle.push(thing);
      else first.resolve(thing);
    },
    withdraw: (thing: Thing): void => {
      const at = idle.indexOf(thing);
      if (at >= 0) idle.splice(at, 1);
    },
    refuseFirst: (error: unknown): void => waiting.shift()?.reject(error),
    take: async (): Promise<Thing> => {
      const last = idle.pop();
      if (last !== undefined) return last;
      const turn = Promise.withResolvers<Thing>();
      waiting.push(turn);
      return turn.promise;
    },
  };
}
