import { bounds } from "../bounds.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import type { SendRow } from "../plan/plan.ts";
import { quoted } from "../shorten.ts";
import { cleanCells } from "./clean-cells.ts";
import type { Columns } from "./columns.ts";
import type { Destination, NumberDoubt, ReadNumber } from "./destination.ts";
import { createCountryLimit, createCountryOf } from "./destination-country.ts";
import { createMisreadTexts } from "./misread-text.ts";
import { restoreFormula } from "./neutralise-formula.ts";
import { createOptOutNotice, type NoticeOptOut } from "./opt-out.ts";
import { createNumberReader } from "./phone-number.ts";
import { type Invalid, invalid, type Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";
import type { RefusedFile } from "./refused-file.ts";
import { createDuplicates, type DuplicateRule, duplicateProblems, type RowContent } from "./row-duplicates.ts";
import { type FindAttachment, readFiles } from "./row-files.ts";
import { type FootedTexts, withFooter } from "./row-footer.ts";
import { createRowSenders, type RowSender, type RowSenders } from "./row-sender.ts";
import {
  brokenRow,
  characterProblem,
  continuesBelow,
  cutProblem,
  fewerCells,
  isShort,
  namelessCell,
  noteNameless,
  type RowsOfList,
  shapeProblem,
  usualCells,
} from "./row-shape.ts";
import { createRowTexts, type RowText, type RowTexts } from "./row-text.ts";
import { invalidRow, type RowVerdict, skippedRow } from "./row-verdict.ts";
import type { RowZones } from "./row-zone.ts";
import { measureText } from "./segments.ts";
import { sentBefore } from "./sent-before.ts";
import { createSkippedRows, type SkippedRows } from "./skip-where.ts";
import type { Warnings } from "./warnings.ts";

/**
 * Judges data row `row` (from 1); `below` is the record after it. `suspect`: look for control and damaged characters. Rows are to be
 * judged in their order.
 */
export type JudgeRow = (record: CsvRecord, row: number, suspect: boolean, below: CsvRecord | undefined) => RowVerdict;

/** The judge of a campaign's rows, or a sentence saying why the campaign cannot be sent at all. */
export type RowJudge = { readonly kind: "judge"; readonly judge: JudgeRow } | RefusedFile;

/** What a row judge depends on. */
export interface RowJudgeSettings {
  readonly columns: Columns;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly findAttachment: FindAttachment;
  readonly warnings: Warnings;
  /** The first rows, which show how many cells the rows of this list have. */
  readonly first?: readonly CsvRecord[];
  /** Tells when rows may be sent, where hours are by the recipients' clocks. */
  readonly zones?: RowZones;
}

/** Segments a text may take when the options do not say. */
const defaultMaxSegments = 10;

/** Compiles header, options and the stack's defaults into the list of questions that each row is asked, in their order. */
export function createRowJudge(settings: RowJudgeSettings): RowJudge {
  const { columns, options, findAttachment, warnings } = settings;
  const readers = compileReaders(settings);
  if (readers.kind === "refused") return readers;
  const { readNumber, rowsOfList, texts, readText, senders, leftOut, noticeOptOut, noticeOddities } = readers;
  const duplicates = createDuplicates(options.duplicates ?? (columns.message === undefined ? "number" : "text"));
  const maxSegments = options.maxSegments ?? defaultMaxSegments;
  const reportedBefore = columns.sendStatus.length > 0;

  let broken = false;

  const judge: JudgeRow = (record, row, suspect, below) => {
    const misshapen = shapeProblem(record, columns) ?? (suspect ? characterProblem(record.cells, columns) : undefined);
    const restOfBroken = broken;
    broken = misshapen === undefined && continuesBelow(record, below, columns, rowsOfList);
    if (misshapen !== undefined) return invalidRow(misshapen);
    if (restOfBroken) return invalidRow(fewerCells(record.cells, columns));

    const cells = cleanCells(reportedBefore ? record.cells.map(restoreFormula) : record.cells);
    const before = reportedBefore ? sentBefore(columns, cells) : undefined;
    if (before?.kind === "invalid") return invalidRow(before);
    const leaveOut = leftOut.reason(cells);
    if (before === undefined && leaveOut !== undefined) return skippedRow(leaveOut);
    if (broken) return invalidRow(brokenRow);
    const destination = readNumber(cells);
    if (before !== undefined) {
      // Sent once already, it makes later rows with its number duplicates all the same.
      if (destination.kind === "destination") {
        const content = duplicates.rule === "text" ? contentSentBefore(cells, texts, settings) : nothing;
        duplicates.firstLine(destination.identity, content, record.line);
      }
      return skippedRow(before.problem);
    }
    const cut = cutProblem(record.cells, columns);
    if (cut !== undefined) return invalidRow(cut);
    if (destination.kind === "invalid") return invalidRow(numberProblem(destination, cells, columns));
    const zone = readers.elsewhere(destination) ?? settings.zones?.read(cells, destination);
    if (zone?.kind === "invalid") return invalidRow(zone);

    const text = readText(cells, record.line);
    if (text.kind !== "text") return withoutText(text, cells, columns, maxSegments);
    const { segments, unicode } = measureText(text.text, maxSegments);
    if (segments > maxSegments) return invalidRow(tooManySegments(text.text, maxSegments), segments);
    const sender = senders.read(cells);
    if (sender.kind === "invalid") return invalidRow(sender, segments);
    const files = readFiles(columns.files, cells, findAttachment);
    if (files.kind === "invalid") return invalidRow(files, segments);

    const content: RowContent = { text: text.text, files: files.files };
    const send = sendRow(row, destination, content, sender, zone?.group);
    if (isTooLarge(send)) return invalidRow(tooLarge, segments);
    const first = duplicates.firstLine(destination.identity, content, record.line);
    if (first !== undefined) return duplicateRow(duplicates.rule, first, segments);
    noticeOptOut?.(cells, record.line);
    noticeOddities(destination, record);
    for (const { code, text, example } of texts.doubts()) warnings.add(code, text, { line: record.line, example });
    return { kind: "send", send, segments, unicode, ...(texts.footed() ? { footed: true } : {}) };
  };

  return { kind: "judge", judge };
}

/** Notices what of a row's number and cells a person should look at before it is sent. */
type NoticeOddities = (destination: Destination, record: CsvRecord) => void;

function createOddities(columns: Columns, warnings: Warnings, home: string | undefined): NoticeOddities {
  const noticeMixture = createMixtureNotice(warnings);
  return ({ doubt, identity }, { cells, line }) => {
    if (home === undefined) noticeMixture(identity, line);
    if (doubt !== undefined) warnings.add(`number-${doubt}`, doubts[doubt], { line, example: identity });
    const nameless = namelessCell(cells, columns);
    if (nameless !== undefined) noteNameless(warnings, nameless, line);
  };
}

/** Notices the first number that lacks its country code among others that have theirs, or the other way round. */
function createMixtureNotice(warnings: Warnings): (identity: string, line: number) => void {
  const seen = { international: false, national: false };
  return (identity, line) => {
    if (seen.international && seen.national) return;
    const international = identity.startsWith("+");
    if (!international && !/^\d{7,}$/.test(identity)) return;
    seen[international ? "international" : "national"] = true;
    if (!seen.international || !seen.national) return;
    warnings.add(
      "numbers-with-and-without-country",
      'Some numbers have their country code and some have not, and no country is set, so that nobody can tell whether two of them are the same: somebody may be sent to twice. Say "country" in the options.',
      { line },
    );
  };
}

const doubts: Readonly<Record<NumberDoubt, string>> = {
  unlisted: "Numbers that no numbering plan has are called, since the options check only their length. Look at them.",
  "other-country": "Numbers with the code of another country than their row's are called. Look at them.",
};

/** What a row sent before had in it, as far as it counts; whether that could be sent today does not matter. */
function contentSentBefore(cells: readonly string[], texts: RowTexts, settings: RowJudgeSettings): RowContent {
  const text = texts.render(cells);
  const files = readFiles(settings.columns.files, cells, settings.findAttachment);
  return { text: text.kind === "text" ? text.text : "", files: files.kind === "files" ? files.files : [] };
}

/** What reads the parts of a row. */
interface RowReaders {
  readonly kind: "readers";
  readonly readNumber: (cells: readonly string[]) => ReturnType<ReadNumber>;
  /** Why the owner of the stack does not let a number's country be texted. */
  readonly elsewhere: (destination: Destination) => Invalid | undefined;
  readonly texts: FootedTexts;
  /** Like `texts.render`, but a text that was misread before it came into the list is invalid. */
  readonly readText: (cells: readonly string[], line: number) => RowText;
  readonly senders: RowSenders;
  readonly leftOut: SkippedRows;
  readonly noticeOptOut: NoticeOptOut | undefined;
  readonly noticeOddities: NoticeOddities;
  readonly rowsOfList: RowsOfList;
}

function compileReaders({
  columns,
  options,
  defaults,
  warnings,
  first = [],
}: RowJudgeSettings): RowReaders | RefusedFile {
  const home = options.country ?? defaults.country;
  const numbers = createNumberReader(options.numberFormat, home, options.numberCheck);
  if (numbers.kind === "refused") return numbers;
  const own = createRowTexts(columns, options.message, warnings, options.maxSegments ?? defaultMaxSegments);
  if (own.kind === "refused") return own;
  const texts = withFooter(own, defaults.optOut);
  const misread = createMisreadTexts(options, warnings);
  if (misread.kind === "refused") return misread;
  const readText: RowReaders["readText"] = (cells, line) => {
    const text = texts.render(cells);
    return text.kind !== "text" ? text : (misread.read(text.text, line) ?? text);
  };
  const senders = createRowSenders(columns, options, defaults);
  if (senders.kind === "refused") return senders;
  const leftOut = createSkippedRows(columns, options.skipWhere);
  if (leftOut.kind === "refused") return leftOut;
  const readNumber = numberOfRow(columns, numbers.read);
  const noticeOptOut = createOptOutNotice(columns.all, options.skipWhere, { skipped: leftOut.column, first }, warnings);
  return {
    kind: "readers",
    readNumber,
    elsewhere: createCountryLimit(defaults.countries, createCountryOf(options, defaults)),
    rowsOfList: {
      hasNumber: (cells) => readNumber(cells).kind === "destination",
      usualCells: usualCells(first),
    },
    texts,
    readText,
    senders,
    leftOut,
    noticeOptOut,
    noticeOddities: createOddities(columns, warnings, home),
  };
}

/** Whether a row that lacks cells has no digits for a number either, so that its beginning is probably elsewhere. */
const lacksNumber = (cells: readonly string[], columns: Columns) =>
  isShort(cells, columns) && (cells[columns.cnumber] ?? "").replace(/\D/g, "").length < 5;

const numberProblem = (unread: Problem, cells: readonly string[], columns: Columns): Problem =>
  lacksNumber(cells, columns) ? fewerCells(cells, columns) : unread;

/** Whether the cell for the row's own text is among those left out. */
const lacksText = (cells: readonly string[], { message }: Columns) => message !== undefined && message >= cells.length;

/** Reads a row's number by what the row itself says about its country, where it says anything. */
function numberOfRow(
  { all, cnumber, country, callingCode, doubtfulCountry }: Columns,
  read: ReadNumber,
): (cells: readonly string[]) => ReturnType<ReadNumber> {
  const cell = (cells: readonly string[], at: number | undefined) => (at === undefined ? undefined : cells[at]);
  if (country !== undefined || callingCode !== undefined) {
    return (cells) =>
      read(cells[cnumber] ?? "", { country: cell(cells, country), callingCode: cell(cells, callingCode) });
  }
  if (doubtfulCountry === undefined) return (cells) => read(cells[cnumber] ?? "");
  const { at, role } = doubtfulCountry;
  const name = all[at]?.name ?? "";
  if (role === "callingCode") {
    const reader = unlessOtherCode(name, read);
    return (cells) => reader(cells[cnumber] ?? "", { callingCode: cells[at] });
  }
  const reader = unlessElsewhere(name, read);
  return (cells) => reader(cells[cnumber] ?? "", { country: cells[at] });
}

/** Reads numbers by the options, unless they are other ones in the country that a cell of the column `name` may say. */
function unlessElsewhere(name: string, read: ReadNumber): ReadNumber {
  return (cell, { country = "" } = {}) => {
    const own = read(cell);
    if (own.kind === "invalid") return own;
    const other = read(cell, { country });
    if (other.kind === "invalid" || other.identity === own.identity) return own;
    return invalid(
      `The column ${quoted(name.trim(), 40)} names another country than the options; say there whether it is the number's: "columns": {"country": ${JSON.stringify(name.trim())}}, or {"country": ""} if it is not`,
      quoted(country.trim()),
    );
  };
}

/** Reads numbers by the options, unless they are other ones behind the dialling code that a cell of the column `name` may be. */
function unlessOtherCode(name: string, read: ReadNumber): ReadNumber {
  return (cell, { callingCode = "" } = {}) => {
    const own = read(cell);
    if (own.kind === "invalid") return own;
    const joined = read(cell, { callingCode });
    if (joined.kind === "invalid" || joined.identity === own.identity) return own;
    return invalid(
      `The column ${quoted(name.trim(), 40)} may hold the number's dialling code; say in the options whether it does: "columns": {"callingCode": ${JSON.stringify(name.trim())}}, or {"callingCode": ""} if it does not`,
      quoted(callingCode.trim()),
    );
  };
}

const duplicateRow = (rule: DuplicateRule, first: number, segments: number): RowVerdict =>
  rule === "number"
    ? skippedRow(duplicateProblems.number, `same number as line ${first}`, segments)
    : skippedRow(duplicateProblems.text, `same number and text as line ${first}`, segments);

const nothing: RowContent = { text: "", files: [] };

const sendRow = (
  row: number,
  { cnumber }: Destination,
  { text, files }: RowContent,
  sender: RowSender,
  zone: number | undefined,
): SendRow => ({
  row,
  cnumber,
  message: text,
  snumber: sender.snumber,
  stype: sender.stype,
  customer: sender.customer,
  files: files.length === 0 ? undefined : [...files],
  own: sender.own,
  zone,
});

/** The verdict on a row whose text cannot be sent. */
function withoutText(
  text: Exclude<RowText, { kind: "text" }>,
  cells: readonly string[],
  columns: Columns,
  maxSegments: number,
): RowVerdict {
  if (text.kind === "long") return invalidRow(tooLong(maxSegments), maxSegments + 1);
  return invalidRow(lacksText(cells, columns) ? fewerCells(cells, columns) : text);
}

const tooLong = (maxSegments: number): Problem => ({
  problem: `The text is too long: more than ${maxSegments} SMS (maxSegments in the options)`,
});

const tooManySegments = (text: string, maxSegments: number): Problem => ({
  ...tooLong(maxSegments),
  example: `${text.length} characters`,
});

const tooLarge: Problem = {
  problem: "The row is larger than 32 KiB; shorten its text or put its files under attachments/",
};

/** A UTF-16 code unit is at most six bytes of JSON, and the other parameters are short: only long rows need measuring. */
const isTooLarge = (send: SendRow) =>
  (send.message.length > 4000 || send.files !== undefined) && Buffer.byteLength(JSON.stringify(send)) > bounds.rowBytes;
