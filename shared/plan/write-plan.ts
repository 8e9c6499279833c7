import type { Bucket } from "../ports/bucket.ts";
import { batchesPerPart, type PlanLine, planVersionOf, type SendRow } from "./plan.ts";
import { createPlanParts, type PlanPart } from "./plan-parts.ts";
import { rowLineText } from "./row-line.ts";

/** A judged row on its way into the plan: what to send, or why not. */
export interface PlannedRow {
  readonly row: number;
  /** The line in which a spreadsheet shows it. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly verdict:
    | { readonly kind: "send"; readonly send: SendRow; readonly segments: number }
    | { readonly kind: "invalid" | "skipped"; readonly detail: string; readonly segments: number };
}

/** A plan as it was written. */
export interface WrittenPlan {
  readonly parts: number;
  /** Batch number of the last line; 0 if there is no line. */
  readonly lastBatch: number;
}

/** Writes a plan row by row. Rows come in order, from 1. */
export interface PlanWriter {
  /** Waits for slow uploads. */
  add(rows: readonly PlannedRow[]): Promise<void>;
  /** Resolves when all objects are stored. */
  end(): Promise<WrittenPlan>;
  /** Ends the uploads under way, after a failure. */
  abort(reason: unknown): Promise<void>;
}

/**
 * Writes into part objects, each uploaded while it grows: memory holds one batch and what the uploads have not taken
 * yet.
 */
export function createPlanWriter(deps: { bucket: Bucket; name: string; run: string; batchRows: number }): PlanWriter {
  const { batchRows } = deps;
  const rowsInPart = batchesPerPart(batchRows) * batchRows;
  const parts = createPlanParts(deps);
  let part: PlanPart | undefined;
  let batch = 0;
  let prev = 0;
  let sendable: SendRow[] = [];

  const closeBatch = (): Promise<void> | undefined => {
    if (sendable.length === 0) return undefined;
    const line: PlanLine = { v: planVersionOf(sendable), batch, prev, rows: sendable };
    prev = batch;
    sendable = [];
    return part?.plan.add(`${JSON.stringify(line)}\n`);
  };

  const nextPart = async () => {
    await closeBatch();
    return parts.next();
  };

  return {
    add: async (rows) => {
      for (const planned of rows) {
        const { row, verdict } = planned;
        if (part === undefined || (row - 1) % rowsInPart === 0) part = await nextPart();
        const number = Math.ceil(row / batchRows);
        if (number !== batch) {
          // Awaits only what has to be awaited: this runs for each of some million rows.
          const slow = closeBatch();
          if (slow !== undefined) await slow;
          batch = number;
        }
        if (verdict.kind === "send") sendable.push(verdict.send);
        const slow = part.rows.add(`${lineOf(planned)}\n`);
        if (slow !== undefined) await slow;
      }
    },
    end: async () => {
      await closeBatch();
      return { parts: await parts.end(), lastBatch: prev };
    },
    abort: parts.abort,
  };
}

const lineOf = ({ cells, line, verdict }: PlannedRow): string =>
  verdict.kind === "send"
    ? rowLineText({ cells, segments: verdict.segments, line, number: verdict.send.cnumber })
    : rowLineText({
        cells,
        segments: verdict.segments,
        line,
        unsent: { status: verdict.kind, detail: verdict.detail },
      });
