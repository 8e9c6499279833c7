import type { CommittedCampaign, RefusedCampaign } from "../../shared/campaign/campaign.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { BatchMessage, SendRow } from "../../shared/plan/plan.ts";
import { createPlanWriter, type PlannedRow } from "../../shared/plan/write-plan.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { planKeys } from "../../shared/ports/bucket-layout.ts";
import { nineOClock } from "./manual-clock.ts";

/** A running campaign `spring` of twenty rows in ten batches, just committed. */
export const running = (changes: Partial<CommittedCampaign> = {}): CommittedCampaign => ({
  name: "spring",
  judged: ["v1|"],
  judgedAt: nineOClock,
  uploadedBy: "anna",
  createdAt: nineOClock - 60_000,
  state: "running",
  run: "r1",
  csvKey: "campaigns/spring.csv",
  csvVersion: "v1",
  digest: "00",
  options: {},
  defaults: {},
  dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
  batchRows: 2,
  parts: 1,
  rows: 20,
  sendable: 20,
  invalid: 0,
  skipped: 0,
  segments: 20,
  lastBatch: 10,
  retainUntil: nineOClock + 90 * 86_400_000,
  pass: 1,
  passStartedAt: nineOClock,
  stalls: 0,
  pointer: 0,
  pointerRows: 0,
  mark: 0,
  markRows: 0,
  tally: { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 },
  history: [{ what: "uploaded", by: "anna", at: nineOClock }],
  ignored: [],
  ...changes,
});

/** A refused upload named `spring`. */
export const refused = (changes: Partial<RefusedCampaign> = {}): RefusedCampaign => ({
  name: "spring",
  state: "refused",
  reason: "It has no rows.",
  judged: ["v0|"],
  judgedAt: nineOClock,
  uploadedBy: "anna",
  createdAt: nineOClock - 60_000,
  ...changes,
});

/** A sendable row with a number of its own. */
export const sendRow = (row: number, changes: Partial<SendRow> = {}): SendRow => ({
  row,
  cnumber: `4420${String(row).padStart(7, "0")}`,
  message: `Hello ${row}`,
  snumber: "441234",
  stype: "",
  ...changes,
});

/** Batch `batch` of `running()`: two rows. */
export const batchMessage = (batch = 1, changes: Partial<BatchMessage> = {}): BatchMessage => ({
  v: 1,
  campaign: "spring",
  run: "r1",
  pass: 1,
  batch,
  prev: batch - 1,
  rows: [sendRow(2 * batch - 1), sendRow(2 * batch)],
  skipped: [],
  ...changes,
});

/** An accepted row. */
export const submitted = (row: number, changes: Partial<Outcome> = {}): Outcome => ({
  row,
  status: "submitted",
  code: 204,
  attempts: 1,
  at: nineOClock,
  ms: 40,
  ...changes,
});

/** A row tried, and proven not accepted. */
export const open = (row: number, changes: Partial<Outcome> = {}): Outcome => ({
  row,
  status: "open",
  detail: "refused",
  attempts: 1,
  at: nineOClock,
  ms: 1,
  ...changes,
});

/** A row as the plan takes it; every `kind` but `send` has a reason. */
export const plannedRow = (row: number, kind: "send" | "invalid" | "skipped" = "send"): PlannedRow => {
  const send = sendRow(row);
  const verdict = kind === "send" ? { kind, send, segments: 1 } : { kind, detail: "Not a phone number", segments: 0 };
  return { row, line: row + 1, cells: [send.cnumber, send.message], verdict };
};

/** Stores the plan of a campaign whose rows are all sendable, unless `kindOf` says otherwise. */
export async function storePlan(
  bucket: Bucket,
  campaign: CommittedCampaign,
  kindOf: (row: number) => "send" | "invalid" | "skipped" = () => "send",
): Promise<void> {
  const { name, run, batchRows, rows } = campaign;
  const writer = createPlanWriter({ bucket, name, run, batchRows });
  await writer.add(Array.from({ length: rows }, (_, index) => plannedRow(index + 1, kindOf(index + 1))));
  await writer.end();
  const head = {
    header: ["to", "text"],
    samples: [],
    segments: { total: rows, distribution: { "1": rows } },
    problems: [],
  };
  await bucket.put(planKeys(name, run).head, JSON.stringify(head), "application/json");
}
