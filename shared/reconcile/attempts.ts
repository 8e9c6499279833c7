import type { Log } from "../ports/log.ts";

/** Turns that are taken one by one, so that a failure of one does not stop the others. */
export interface Attempts {
  /** Takes a campaign's turn (`""`: nobody's in particular); `undefined` when it failed. */
  readonly attempt: <Result>(campaign: string, act: () => Promise<Result>) => Promise<Result | undefined>;
  /** Notes a failure outside of a turn. */
  readonly failed: (failure: unknown) => void;
  /** Throws an `AggregateError` when anything failed. */
  readonly throwFailures: () => void;
}

/** Collects what fails during one look, and logs each failed turn. */
export function createAttempts(log: Log): Attempts {
  const failures: unknown[] = [];
  return {
    attempt: async (campaign, act) => {
      try {
        return await act();
      } catch (error) {
        log.error("A campaign's turn failed; the others go on.", error, { campaign });
        failures.push(error);
        return undefined;
      }
    },
    failed: (failure) => {
      failures.push(failure);
    },
    throwFailures: () => {
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} turns of the reporter failed.`);
    },
  };
}
