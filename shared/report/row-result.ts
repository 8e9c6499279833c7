import type { RowStatus } from "../campaign/campaign.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { RowLine } from "../plan/plan.ts";
import { type CampaignEnd, explainAttempts, explainEnd, explainForgotten, explainOutcome } from "./explain.ts";

/** What the report says about one row. */
export interface RowResult {
  readonly status: RowStatus;
  readonly code?: number;
  readonly key?: string;
  readonly detail: string;
  /** The detail without what applies to this row alone, so that rows can be counted by it. */
  readonly reason: string;
  readonly attempts: number;
  /** When the last call was fired, epoch milliseconds. */
  readonly at?: number;
}

/**
 * Combines what the plan, the ledger and the campaign's end say about a row into one result. Throws when they contradict
 * each other (an outcome for a row that was not to be sent, or no outcome although every batch is done): a wrong report
 * is worse than none. Where the ledger should know more than it does, because its batch was done (`recorded`) or its
 * records may have expired (`forgotten`), nothing is guessed either: such a row is in doubt.
 * `simulated`: the calls went to the simulator, which the words then say.
 */
export function rowResult(
  row: number,
  line: RowLine,
  outcome: Outcome | undefined,
  end: CampaignEnd,
  missing: { readonly recorded: boolean; readonly forgotten: boolean } = { recorded: false, forgotten: false },
  simulated?: true,
): RowResult {
  if (line.unsent !== undefined) {
    const { status, detail } = line.unsent;
    if (outcome) throw new Error(`Row ${row} is ${status} by the plan, but the ledger has an outcome for it.`);
    return { status, detail, reason: detail, attempts: 0 };
  }
  if (outcome && outcome.status !== "open") {
    const { status, code, key, attempts, at } = outcome;
    const explained = explainOutcome(outcome, simulated);
    return { status, code, key, detail: explained, reason: explained, attempts, at };
  }
  if (outcome === undefined && (missing.forgotten || (missing.recorded && end.why !== "done"))) {
    const detail = explainForgotten(missing.recorded);
    return { status: "unknown", detail, reason: detail, attempts: 0 };
  }
  const reason = explainEnd(end);
  if (reason === undefined) {
    throw new Error(
      `Row ${row} has no final outcome although every batch is recorded as done; the report is not written.`,
    );
  }
  return {
    status: "cancelled",
    code: outcome?.code,
    key: outcome?.key,
    detail: reason + explainAttempts(outcome),
    reason,
    attempts: outcome?.attempts ?? 0,
    at: outcome?.at,
  };
}
