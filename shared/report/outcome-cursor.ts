import type { Outcome } from "../ledger/outcome.ts";

/** Outcomes in row order, one at a time or in runs, which is faster. */
export type Outcomes = AsyncIterable<Outcome | readonly Outcome[]>;

const isRun = (value: Outcome | readonly Outcome[]): value is readonly Outcome[] => Array.isArray(value);

/** Steps through the outcomes alongside the rows, without a promise for a row whose outcome has already been read. */
export function createOutcomeCursor(outcomes: Outcomes) {
  const source = outcomes[Symbol.asyncIterator]();
  let run: readonly Outcome[] = [];
  let index = 0;
  let over = false;

  return {
    /** Whether `fill` must be awaited before `take`. */
    empty: () => index >= run.length && !over,
    async fill(): Promise<void> {
      while (index >= run.length && !over) {
        const next = await source.next();
        over = next.done === true;
        run = next.done ? [] : isRun(next.value) ? next.value : [next.value];
        index = 0;
      }
    },
    /** The outcome of this row, if there is one; to be asked of each row once, in order. Throws when outcomes are out of order or repeated. */
    take(row: number): Outcome | undefined {
      const outcome = run[index];
      if (!outcome || outcome.row > row) return undefined;
      if (outcome.row < row) {
        throw new Error(`The ledger's outcomes are not in row order: row ${outcome.row} came when row ${row} was due.`);
      }
      index += 1;
      return outcome;
    },
    /** Whether no outcome is left; meaningful only after `fill`. */
    finished: () => over && index >= run.length,
    /** Releases the source. */
    close(): void {
      source.return?.()?.catch(() => {});
    },
  };
}
