import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { PlanHead } from "../../shared/plan/head.ts";
import type { RowLine } from "../../shared/plan/plan.ts";
import { running, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

/** A campaign of three rows whose batches are all done, or none of them known to be if it ended for another reason. */
export const campaign = (changes: Partial<CommittedCampaign> = {}): CommittedCampaign =>
  running({
    createdAt: nineOClock,
    state: "ending",
    batchRows: 10,
    rows: 3,
    sendable: 3,
    segments: 3,
    lastBatch: 1,
    pointer: 1,
    pointerRows: 3,
    mark: changes.end === undefined || changes.end.why === "done" ? 1 : 0,
    markRows: changes.end === undefined || changes.end.why === "done" ? 3 : 0,
    end: { why: "done", at: nineOClock + 60_000 },
    ...changes,
  });

/** The head of a plan with these columns. */
export const head = (header: readonly string[], changes: Partial<PlanHead> = {}): PlanHead => ({
  header: [...header],
  samples: [],
  segments: { total: 3, distribution: { "1": 3 } },
  problems: [],
  ...changes,
});

/** An accepted row, its call fired a tenth of a second after that of the row before it. */
export const accepted = (row: number, changes: Partial<Outcome> = {}): Outcome =>
  submitted(row, { at: nineOClock + row * 100, ...changes });

/** A sendable row of one segment. */
export const sendable = (...cells: string[]): RowLine => ({ cells, segments: 1 });

/** A row that the plan found unsendable. */
export const unsent = (cells: string[], status: "invalid" | "skipped", detail: string, segments = 1): RowLine => ({
  cells,
  segments,
  unsent: { status, detail },
});

/** Values as a stream, one run at a time. */
export async function* stream<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
