import type { Batches } from "../ledger/batches.ts";
import type { Claim } from "../ledger/claim.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { Clock } from "../ports/clock.ts";
import type { ReadyRow } from "./fire-rows.ts";

/** The notes of one claim. */
export interface Notes {
  /** Nothing more can happen to this row under the claim: it has this outcome, or was not fired (`undefined`). */
  landed(row: number, outcome: Outcome | undefined): void;
  /** The claim is about to be recorded: no more notes. */
  end(): void;
}

/** Begins the notes of a claim that may fire these rows; `outcomes`, its batch's by row, gets each that lands. */
export type NoteOutcomes = (claim: Claim, firing: readonly ReadyRow[], outcomes: Map<number, Outcome>) => Notes;

/**
 * Writes what has become of a claim's rows while others of them are under way, at most once in `everyMs` milliseconds, so that
 * a crash puts fewer rows in doubt; without `everyMs`, never. Notes fail in silence: the next one says the same and more,
 * and the record at the end says all.
 */
export function createNoteOutcomes(deps: {
  batches: Pick<Batches, "note">;
  clock: Clock;
  everyMs: number | undefined;
}): NoteOutcomes {
  const { batches, clock, everyMs } = deps;
  return (claim, firing, outcomes) => {
    const inDoubt = new Set(firing.map(({ row }) => row.row));
    let nextAt = clock.now() + (everyMs ?? 0);
    let news = false;
    let writing = false;
    let ended = false;

    const write = async (every: number): Promise<void> => {
      writing = true;
      while (news) {
        await clock.sleepUntil(nextAt);
        if (ended) return;
        news = false;
        nextAt = clock.now() + every;
        await batches.note(claim, [...outcomes.values()], [...inDoubt]).catch(() => {});
      }
      writing = false;
    };

    return {
      landed: (row, outcome) => {
        inDoubt.delete(row);
        // That rows were not fired is worth no note: where many miss their slots, the machine has too much to do already.
        if (outcome === undefined) return;
        outcomes.set(row, outcome);
        news = true;
        // After the last row everything is recorded at once.
        if (everyMs !== undefined && !writing && inDoubt.size > 0) void write(everyMs);
      },
      end: () => {
        ended = true;
      },
    };
  };
}
