import * as z from "zod";
import { jsonOf } from "../read-json.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Outcomes as the ledger stores them. DynamoDB charges for every kilobyte of an item at every write, so each outcome is an
 * array without its empty end, and its instant is relative to the batch's first:
 * `[row, status, attempts, since, ms, code, key, detail]`.
 */
const StoredOutcomes = z.object({
  /** The instant that `since` counts from, epoch milliseconds. */
  from: z.number(),
  rows: z.array(
    z.tuple([
      z.int().positive(),
      z.enum(["s", "f", "u", "k", "o"]),
      z.int().nonnegative(),
      z.number().nullish(),
      z.number().nullish(),
      z.int().nullish(),
      z.string().nullish(),
      z.string().nullish(),
    ]),
  ),
});

const letters = { submitted: "s", failed: "f", unknown: "u", skipped: "k", open: "o" } as const;
const statuses = { s: "submitted", f: "failed", u: "unknown", k: "skipped", o: "open" } as const;

/** The text for these outcomes. */
export function writeOutcomes(outcomes: readonly Outcome[]): string {
  const from = Math.min(...outcomes.map(({ at }) => at ?? Number.POSITIVE_INFINITY));
  const rows = outcomes.map(({ row, status, attempts, at, ms, code, key, detail }) => {
    const fields = [row, letters[status], attempts, at === undefined ? null : at - from, ms, code, key, detail];
    const last = fields.findLastIndex((field) => field !== undefined && field !== null);
    return fields.slice(0, last + 1);
  });
  return JSON.stringify({ from: Number.isFinite(from) ? from : 0, rows });
}

/** Reads what `writeOutcomes` wrote; any other text is a schema issue, not an exception. */
export const OutcomesText = jsonOf(StoredOutcomes).transform(({ from, rows }): Outcome[] =>
  rows.map(([row, letter, attempts, since, ms, code, key, detail]) => ({
    row,
    status: statuses[letter],
    attempts,
    at: isGiven(since) ? from + since : undefined,
    ms: isGiven(ms) ? ms : undefined,
    code: isGiven(code) ? code : undefined,
    key: isGiven(key) ? key : undefined,
    detail: isGiven(detail) ? detail : undefined,
  })),
);

const isGiven = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined;
