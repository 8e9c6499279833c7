import type { Defaults, Options } from "../campaign/options.ts";
import type { SendRow } from "../plan/plan.ts";
import type { Columns } from "./columns.ts";
import type { Destination } from "./destination.ts";
import { restoreFormula } from "./neutralise-formula.ts";
import { createNumberReader } from "./phone-number.ts";
import type { Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";
import type { RefusedFile } from "./refused-file.ts";
import { createDuplicates, type DuplicateRule, type RowContent } from "./row-duplicates.ts";
import { readFiles, type SizeOf } from "./row-files.ts";
import { createRowSenders, type RowSender } from "./row-sender.ts";
import { characterProblem, cutProblem, shapeProblem } from "./row-shape.ts";
import { createRowTexts } from "./row-text.ts";
import { invalidRow, type RowVerdict, skippedRow } from "./row-verdict.ts";
import { measureText } from "./segments.ts";
import { sentBefore } from "./sent-before.ts";

/** Judges data row `row` (from 1). `suspect`: look for control and damaged characters. */
export type JudgeRow = (record: CsvRecord, row: number, suspect: boolean) => RowVerdict;

/** The judge of a campaign's rows, or a sentence saying why the campaign cannot be sent at all. */
export type RowJudge = { readonly kind: "judge"; readonly judge: JudgeRow } | RefusedFile;

/** What a row judge depends on. */
export interface RowJudgeSettings {
  readonly columns: Columns;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly sizeOf: SizeOf;
}

/** Most bytes of a row's parameters as JSON: 25 rows must fit into a queue message of 1 MiB, with room for its frame. */
const rowBytesLimit = 32 * 1024;

/** Segments a text may take when the options do not say. */
const defaultMaxSegments = 10;

/** Compiles header, options and the stack's defaults into the list of questions that each row is asked, in their order. */
export function createRowJudge({ columns, options, defaults, sizeOf }: RowJudgeSettings): RowJudge {
  const country = options.country ?? defaults.country;
  const numbers = createNumberReader(options.numberFormat ?? (country === undefined ? "as-is" : "e164"), country);
  if (numbers.kind === "refused") return numbers;
  const texts = createRowTexts(columns, options.message);
  if (texts.kind === "refused") return texts;
  const senders = createRowSenders(columns, options, defaults);
  if (senders.kind === "refused") return senders;
  const duplicates = createDuplicates(options.duplicates ?? (columns.message === undefined ? "number" : "text"));
  const maxSegments = options.maxSegments ?? defaultMaxSegments;
  const reportedBefore = columns.sendStatus.length > 0;

  /** What a row sent before had in it, as far as it counts; whether that could be sent today does not matter. */
  const contentSentBefore = (cells: readonly string[]): RowContent => {
    if (duplicates.rule !== "text") return nothing;
    const text = texts.render(cells);
    const files = readFiles(columns.files, cells, sizeOf);
    return { text: text.kind === "text" ? text.text : "", files: files.kind === "files" ? files.files : [] };
  };

  const judge: JudgeRow = (record, row, suspect) => {
    const misshapen = shapeProblem(record, columns) ?? (suspect ? characterProblem(record.cells, columns) : undefined);
    if (misshapen !== undefined) return invalidRow(misshapen);

    const cells = reportedBefore ? record.cells.map(restoreFormula) : record.cells;
    const before = reportedBefore ? sentBefore(columns, cells) : undefined;
    if (before?.kind === "invalid") return invalidRow(before);
    const destination = numbers.read(cells[columns.cnumber] ?? "");
    if (before !== undefined) {
      // Sent once already, it makes later rows with its number duplicates all the same.
      if (destination.kind === "destination") {
        duplicates.firstLine(destination.identity, contentSentBefore(cells), record.line);
      }
      return skippedRow(before.problem);
    }
    const cut = cutProblem(record.cells, columns);
    if (cut !== undefined) return invalidRow(cut);
    if (destination.kind === "invalid") return invalidRow(destination);

    const text = texts.render(cells);
    if (text.kind === "invalid") return invalidRow(text);
    const { segments, unicode } = measureText(text.text, maxSegments);
    if (segments > maxSegments) return invalidRow(tooManySegments(text.text, maxSegments), segments);
    const sender = senders.read(cells);
    if (sender.kind === "invalid") return invalidRow(sender, segments);
    const files = readFiles(columns.files, cells, sizeOf);
    if (files.kind === "invalid") return invalidRow(files, segments);

    const content: RowContent = { text: text.text, files: files.files };
    const send = sendRow(row, destination, content, sender);
    if (isTooLarge(send)) return invalidRow(tooLarge, segments);
    const first = duplicates.firstLine(destination.identity, content, record.line);
    if (first === undefined) return { kind: "send", send, segments, unicode };
    return duplicateRow(duplicates.rule, first, segments);
  };

  return { kind: "judge", judge };
}

const duplicateRow = (rule: DuplicateRule, first: number, segments: number): RowVerdict =>
  rule === "number"
    ? skippedRow("The number has an earlier row", `same number as line ${first}`, segments)
    : skippedRow("The number has an earlier row with the same text", `same number and text as line ${first}`, segments);

const nothing: RowContent = { text: "", files: [] };

const sendRow = (row: number, { cnumber }: Destination, { text, files }: RowContent, sender: RowSender): SendRow => ({
  row,
  cnumber,
  message: text,
  snumber: sender.snumber,
  stype: sender.stype,
  customer: sender.customer,
  files: files.length === 0 ? undefined : [...files],
  own: sender.own,
});

const tooManySegments = (text: string, maxSegments: number): Problem => ({
  problem: `The text is too long: more than ${maxSegments} SMS (maxSegments in the options)`,
  example: `${text.length} characters`,
});

const tooLarge: Problem = {
  problem: "The row is larger than 32 KiB; shorten its text or put its files under attachments/",
};

/** A UTF-16 code unit is at most six bytes of JSON: only long rows need measuring. */
const isTooLarge = (send: SendRow) =>
  (send.message.length > 4000 || send.files !== undefined || send.snumber.length > 100) &&
  Buffer.byteLength(JSON.stringify(send)) > rowBytesLimit;
