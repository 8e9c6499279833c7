import * as z from "zod";

/**
 * The plan's format. Readers refuse any other, so that a deploy in the middle of a campaign cannot misread a plan. In 1,
 * attachments had no versions; in 2, rows had no zones.
 */
export const planVersion = 3;

/** What is written where no row has a zone, so that versions that know no zones can read it. */
const versionWithoutZones = 2;

/** The format of a line with these rows. */
export const planVersionOf = (rows: readonly SendRow[]): 2 | typeof planVersion =>
  rows.some(({ zone }) => zone !== undefined) ? planVersion : versionWithoutZones;

const file = z.union([
  z.strictObject({ filename: z.string(), base64: z.string() }),
  z.strictObject({ filename: z.string(), attachment: z.string(), version: z.string().optional() }),
]);

/** One sendable row: its number (from 1) and the API's parameters, ready to send as they are. */
export const SendRow = z.strictObject({
  row: z.int().positive(),
  cnumber: z.string(),
  message: z.string(),
  snumber: z.string(),
  stype: z.string(),
  customer: z.string().optional(),
  files: z.array(file).optional(),
  /** Which of snumber, stype and customer the row's own cells gave (the others come from the options or the stack). */
  own: z.array(z.enum(["snumber", "stype", "customer"])).optional(),
  /** Where hours are by the recipients' clocks: the place of its zones in the campaign's `zones`. */
  zone: z.int().nonnegative().optional(),
});
export type SendRow = z.infer<typeof SendRow>;

/**
 * One line of a plan part: a batch that has at least one sendable row. Batch k covers rows (k−1)·n+1 … k·n.
 * `prev` is the batch of the line before (0 for the first): the ledger's items form a chain by it, so that the ledger
 * alone shows up to where everything is done.
 */
export const PlanLine = z.strictObject({
  v: z.literal([1, versionWithoutZones, planVersion]),
  batch: z.int().positive(),
  prev: z.int().nonnegative(),
  rows: z.array(SendRow).min(1),
});
export type PlanLine = z.infer<typeof PlanLine>;

/**
 * The body of a message in the batches queue: an addressed plan line; `skipped` are rows suppressed since. `decisions`: how
 * many decisions about who is opted out the feed knew (`Account.optOuts`); absent where there was none. `meant`: by row
 * number, the numbers in E.164 (digits) that a row's number means where it is written otherwise; senders have no numbering plans.
 */
export const BatchMessage = PlanLine.extend({
  rows: z.array(SendRow),
  campaign: z.string(),
  run: z.string(),
  pass: z.int().positive(),
  decisions: z.int().nonnegative().optional(),
  meant: z.record(z.string(), z.array(z.string())).optional(),
  skipped: z.array(z.strictObject({ row: z.int().positive(), detail: z.string() })),
});
export type BatchMessage = z.infer<typeof BatchMessage>;

/** Which row of a list: its number, and the line in which a spreadsheet shows it (unknown in plans of older versions). */
export interface RowPlace {
  readonly row: number;
  readonly line?: number;
}

/** What the plan records of one data row, for the report. One line of a rows part per data row, in order. */
export interface RowLine {
  /** As in the upload. */
  readonly cells: readonly string[];
  readonly segments: number;
  /** The line in which a spreadsheet shows the row; absent from plans of older versions. */
  readonly line?: number;
  /** The number of a row that can be sent, as it is handed to Enswitch; absent from plans of older versions. */
  readonly number?: string;
  /** Why the row cannot be sent. */
  readonly unsent?: { readonly status: "invalid" | "skipped"; readonly detail: string };
}

/** Data rows per part object (a whole number of batches): small enough to be read again, large enough that parts are few. */
const rowsPerPart = 5_000;

/** Batches per part for batches of `n` rows. */
export const batchesPerPart = (n: number): number => Math.max(1, Math.floor(rowsPerPart / n));

/** The part (from 1) that holds batch `batch`. */
export const partOf = (batch: number, n: number): number => Math.ceil(batch / batchesPerPart(n));
