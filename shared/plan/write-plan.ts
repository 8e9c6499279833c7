import type { Bucket } from "../ports/bucket.ts";
import { planKeys } from "../ports/bucket-layout.ts";
import { createTextObject, type TextObject } from "../ports/text-object.ts";
import { batchesPerPart, type PlanLine, planVersion, type RowLine, type SendRow } from "./plan.ts";

/** A judged row on its way into the plan: what to send, or why not. */
export interface PlannedRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly verdict:
    | { readonly kind: "send"; readonly send: SendRow; readonly segments: number }
    | { readonly kind: "invalid" | "skipped"; readonly detail: string; readonly segments: number };
}

/** What was written. */
export interface WrittenPlan {
  readonly parts: number;
  /** Batch number of the last line, 0 when there is none. */
  readonly lastBatch: number;
}

/**
 * Writes a plan row by row into its part objects, each uploaded while it grows: memory holds one batch and what the
 * uploads have not taken yet. `add` waits for slow uploads; `end` resolves when all objects are stored. After a failure
 * `abort` ends what is under way. Rows come in order, from 1.
 */
export function createPlanWriter(deps: { bucket: Bucket; name: string; run: string; batchRows: number }) {
  const { bucket, batchRows } = deps;
  const keys = planKeys(deps.name, deps.run);
  const rowsInPart = batchesPerPart(batchRows) * batchRows;
  let part: { readonly plan: TextObject; readonly rows: TextObject } | undefined;
  let parts = 0;
  let batch = 0;
  let prev = 0;
  let sendable: SendRow[] = [];
  const finishing = new Set<Promise<unknown>>();

  const closeBatch = (): Promise<void> | undefined => {
    if (sendable.length === 0) return undefined;
    const line: PlanLine = { v: planVersion, batch, prev, rows: sendable };
    prev = batch;
    sendable = [];
    return part?.plan.add(`${JSON.stringify(line)}\n`);
  };

  const closePart = async () => {
    if (part === undefined) return;
    await closeBatch();
    const { plan, rows } = part;
    const finished = Promise.all([plan.end(), rows.end(), plan.stored, rows.stored]);
    part = undefined;
    finishing.add(finished);
    const forget = () => finishing.delete(finished);
    finished.then(forget, () => {});
    // Two parts may still be uploading while the next one is written.
    if (finishing.size > 2) await Promise.race(finishing);
  };

  const openPart = async () => {
    await closePart();
    parts++;
    const objectOf = (key: string) => createTextObject(bucket, key, "application/x-ndjson");
    return { plan: objectOf(keys.plan(parts)), rows: objectOf(keys.rows(parts)) };
  };

  const add = async (rows: readonly PlannedRow[]): Promise<void> => {
    for (const { row, cells, verdict } of rows) {
      if (part === undefined || (row - 1) % rowsInPart === 0) part = await openPart();
      const number = Math.ceil(row / batchRows);
      if (number !== batch) {
        // Nothing is awaited that need not be: this is done for each of some million rows.
        const slow = closeBatch();
        if (slow !== undefined) await slow;
        batch = number;
      }
      if (verdict.kind === "send") sendable.push(verdict.send);
      const slow = part.rows.add(`${JSON.stringify(rowLine(cells, verdict))}\n`);
      if (slow !== undefined) await slow;
    }
  };

  return {
    add,
    end: async (): Promise<WrittenPlan> => {
      await closePart();
      await Promise.all(finishing);
      return { parts, lastBatch: prev };
    },
    abort: async (reason: unknown): Promise<void> => {
      const objects = part === undefined ? [] : [part.plan, part.rows];
      for (const object of objects) object.fail(reason);
      await Promise.allSettled([...objects.map(({ stored }) => stored), ...finishing]);
    },
  };
}

const rowLine = (cells: readonly string[], verdict: PlannedRow["verdict"]): RowLine =>
  verdict.kind === "send" ? [cells, verdict.segments] : [cells, verdict.segments, verdict.kind, verdict.detail];
