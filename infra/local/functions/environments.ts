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
  const idle: Environment[] = [];
  /** Invocations that wait for an environment, in order. */
  const waiting: PromiseWithResolvers<Environment>[] = [];
  let starting = 0;
  /** How long the last start took, in milliseconds. */
  let startMs = 0;
  let patience: NodeJS.Timeout | undefined;

  const giveBack = (environment: Environment): void => {
    const first = waiting.shift();
    if (first === undefined) idle.push(environment);
    else first.resolve(environment);
  };
  const start = (): void => {
    const began = performance.now();
    const environment = startOne(() => {
      all.delete(environment);
      const at = idle.indexOf(environment);
      if (at >= 0) idle.splice(at, 1);
      startAsNeeded();
    });
    all.add(environment);
    starting += 1;
    const ready = () => {
      startMs = performance.now() - began;
      giveBack(environment);
    };
    const failed = (error: unknown) => waiting.shift()?.reject(error);
    void environment.ready.then(ready, failed).finally(() => {
      starting -= 1;
      startAsNeeded();
    });
  };
  const startForEach = () => {
    for (const _ of waiting) start();
  };
  const startAsNeeded = (): void => {
    if (waiting.length === 0 || starting > 0) return;
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
    giveBack,
    take: async () => {
      const free = idle.pop();
      if (free !== undefined) return free;
      const turn = Promise.withResolvers<Environment>();
      waiting.push(turn);
      startAsNeeded();
      return turn.promise;
    },
    close: (): void => {
      clearTimeout(patience);
      for (const turn of waiting.splice(0)) turn.reject(new Error(closing));
    },
  };
}
