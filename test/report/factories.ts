import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { PlanHead } from "../../shared/plan/head.ts";
import type { RowLine } from "../../shared/plan/plan.ts";

/** 2 March 2026, 09:00:00 UTC. */
export const nineOClock = Date.UTC(2026, 2, 2, 9);

/** A campaign of three rows whose batches are all done. */
export const campaign = (changes: Partial<CommittedCampaign> = {}): CommittedCampaign => ({
  name: "spring",
  judged: ["1|"],
  judgedAt: nineOClock,
  uploadedBy: "anna",
  createdAt: nineOClock,
  state: "ending",
  run: "r1",
  csvKey: "campaigns/spring.csv",
  csvVersion: "1",
  digest: "00",
  options: {},
  defaults: {},
  dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
  batchRows: 10,
  parts: 1,
  rows: 3,
  sendable: 3,
  invalid: 0,
  skipped: 0,
  segments: 3,
  lastBatch: 1,
  retainUntil: nineOClock + 90 * 86_400_000,
  pass: 1,
  passStartedAt: nineOClock,
  stalls: 0,
  pointer: 1,
  pointerRows: 3,
  mark: 1,
  markRows: 3,
  tally: { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 },
  end: { why: "done", at: nineOClock + 60_000 },
  history: [{ what: "uploaded", by: "anna", at: nineOClock }],
  ignored: [],
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

/** An accepted row. */
export const accepted = (row: number, changes: Partial<Outcome> = {}): Outcome => ({
  row,
  status: "submitted",
  code: 204,
  attempts: 1,
  at: nineOClock + row * 100,
  ms: 40,
  ...changes,
});

/** A sendable row of one segment. */
export const sendable = (...cells: string[]): RowLine => [cells, 1];

/** Values as a stream, one run at a time. */
export async function* stream<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
