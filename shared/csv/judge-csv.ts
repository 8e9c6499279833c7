import { createHash, type Hash } from "node:crypto";
import { bounds } from "../bounds.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { ListWarning } from "../plan/head.ts";
import { quoted } from "../shorten.ts";
import type { RandomBytes } from "../workbook/random-bytes.ts";
import { type Attachments, createAttachments, type LookUpAttachment } from "./attachments.ts";
import { isKnownName } from "./column-meaning.ts";
import { columnKey } from "./column-name.ts";
import { type Column, type Columns, readColumns } from "./columns.ts";
import { createPricedCountryOf } from "./destination-country.ts";
import type { Layout } from "./detect-layout.ts";
import { createEncodingSamples, type EncodingSamples } from "./encoding-samples.ts";
import { looksLikeData } from "./header-faults.ts";
import { createRowJudge, type JudgeRow } from "./judge-row.ts";
import { isNumberName } from "./number-columns.ts";
import type { FindNumberZones } from "./number-zones.ts";
import { createNumberReader } from "./phone-number.ts";
import { type CsvReader, createCsvReader } from "./read-records.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type RowVerdict, suppressedRow } from "./row-verdict.ts";
import { createRowZones, type RowZones } from "./row-zone.ts";
import { createTotalsCounter, type Totals } from "./totals.ts";
import { createWarnings, type Warnings } from "./warnings.ts";
import { type HeaderWithRows, type RecordsAbove, withFirstRows } from "./with-first-rows.ts";

/** What a file was read as. */
export interface DetectedDialect {
  /** As the Encoding Standard names it. */
  readonly encoding: string;
  /** The bytes are not UTF-8 and nothing says what they are; Windows-1252 is a guess that somebody should check. */
  readonly guessed: boolean;
  /** Up to three cells, shortened, that show whether a guess is right. */
  readonly samples: readonly string[];
  readonly delimiter: string;
  /** That of the first line; undefined when the file has only one line. */
  readonly lineEnding?: string;
  /** The sheet that was read, where the list is a workbook; its report is written as UTF-8 with commas. */
  readonly sheet?: string;
}

/** A row with its verdict. */
export interface JudgedRow {
  /** From 1; blank lines do not count. */
  readonly row: number;
  /** The line in which a spreadsheet shows it: the first is 1, and blank lines count. */
  readonly line: number;
  /** The original cells as decoded, untouched. */
  readonly cells: readonly string[];
  readonly verdict: RowVerdict;
}

/** What comes of a list: `opened`, any number of `rows`, and last either `end` or, at any time, `refused`. */
export type Judged =
  | {
      readonly kind: "opened";
      readonly header: readonly string[];
      /** As known so far: characters beyond ASCII that come later may show another encoding; `end` has the last word. */
      readonly dialect: DetectedDialect;
      readonly columns: readonly Column[];
    }
  /** Some hundreds of rows. */
  | { readonly kind: "rows"; readonly rows: readonly JudgedRow[] }
  /** Nothing of the file may be sent, including the rows already given out. */
  | RefusedFile
  /** `digest` is the SHA-256 of the bytes in hexadecimal. */
  | {
      readonly kind: "end";
      readonly digest: string;
      readonly dialect: DetectedDialect;
      readonly totals: Totals;
      /** What a person should look at before the list is sent; bounded. */
      readonly warnings: readonly ListWarning[];
    };

/** What rows are judged by. */
export interface JudgeSettings {
  readonly options: Options;
  readonly defaults: Defaults;
  /** Without it, attachments are not looked up, and rows with them are taken to be sendable. */
  readonly lookUpAttachment?: LookUpAttachment;
  /** Most rows; 10 million unless told otherwise. */
  readonly maxRows?: number;
  /** As of when the hours of each row must still come (epoch ms); absent: not looked at. */
  readonly at?: number;
  /**
   * Why nothing is sent to a number for now, `undefined` where it may be: what a check knows of lists that change. A plan does not
   * ask; its campaign is compared with them whenever it is fed.
   */
  readonly suppressed?: (cnumber: string) => string | undefined;
}

/** A list's bytes: a CSV's as they come, a workbook's wherever they are asked for. */
export type ListBytes = AsyncIterable<Uint8Array> | RandomBytes;

/**
 * Reads a CSV, as it comes, or a workbook, and judges every row, in flat memory but for a workbook's shared texts. Throws
 * only if `source` or a look-up does.
 */
export async function* judgeCsv(source: ListBytes, settings: JudgeSettings): AsyncGenerator<Judged> {
  const { maxRows = bounds.rows } = settings;
  const digest = createHash("sha256");
  const warnings = createWarnings();
  const reader = await openList(source, digest, settings, warnings);
  const samples = createEncodingSamples(warnings);
  const totals = createTotalsCounter(createPricedCountryOf(settings.options, settings.defaults));
  const attachments = createAttachments(settings.lookUpAttachment);
  let opened: OpenedCsv | undefined;
  let row = 0;

  for await (const event of withFirstRows(reader.events)) {
    if (event.kind !== "refused" && reader.encoding().guessed) {
      samples.add(event.kind === "header" ? [event.record] : event.records);
    }
    switch (event.kind) {
      case "refused":
        yield withWarnings(event, warnings);
        return;
      case "header": {
        const find = byRecipient(settings) ? (await import("./number-zones.ts")).createNumberZones() : undefined;
        const found = openCsv(event, { ...settings, find }, attachments, warnings);
        if (found.kind === "refused") {
          yield withWarnings({ ...found, reason: found.reason + (reader.leftOut?.(found.lacks) ?? "") }, warnings);
          return;
        }
        opened = found;
        const header = event.record.cells;
        yield { kind: "opened", header, dialect: dialectOf(reader, samples, opened), columns: opened.columns.all };
        break;
      }
      case "records": {
        if (opened === undefined) throw new Error("The reader gave rows before the header.");
        if (row + event.records.length > maxRows) {
          const tooMany = `The file has more than ${maxRows.toLocaleString("en")} rows. Split it into several campaigns.`;
          yield withWarnings(refused(tooMany), warnings);
          return;
        }
        await attachments.lookUp(opened.columns, event.records);
        const rows = judgeRecords(unlessSuppressed(opened.judge, settings.suppressed), event, row + 1);
        for (const judged of rows) totals.add(judged.verdict, judged.row, judged.line);
        row += rows.length;
        yield { kind: "rows", rows };
        break;
      }
      default:
        event satisfies never;
    }
  }
  if (opened === undefined || row === 0) {
    yield withWarnings(refused(`The file has column names but no rows.${reader.leftOut?.(undefined) ?? ""}`), warnings);
    return;
  }
  const dialect = dialectOf(reader, samples, opened);
  const all = totals.totals(opened.zones?.groups());
  yield { kind: "end", digest: digest.digest("hex"), dialect, totals: all, warnings: warnings.all() };
}

/** Why a file is refused, with what had been noticed about it. */
function withWarnings(file: RefusedFile, warnings: Warnings): RefusedFile {
  const noticed = warnings.all();
  return noticed.length === 0 ? file : { ...file, warnings: noticed };
}

/** The reader of a list. What reads workbooks is only loaded when one comes. */
async function openList(source: ListBytes, digest: Hash, { options, defaults }: JudgeSettings, warnings: Warnings) {
  if (!(Symbol.asyncIterator in source)) {
    const { createWorkbookReader } = await import("./read-workbook-records.ts");
    for await (const chunk of source.size > 0 ? source.read(0, source.size) : []) digest.update(chunk);
    const country = options.country ?? defaults.country;
    return createWorkbookReader(source, { sheet: options.sheet, country, warnings });
  }
  if (options.sheet !== undefined) {
    warnings.add(
      "sheet-of-no-workbook",
      `"sheet" in the options names ${quoted(options.sheet, 40)}, but this list is a CSV, which has no sheets: it is read as it is. If another list is meant, upload its workbook; else take "sheet" away.`,
    );
  }
  const mapped = new Set(Object.values(options.columns ?? {}).map(columnKey));
  return createCsvReader(digested(source, digest), {
    stated: options.encoding,
    isKnown: (name) => mapped.has(columnKey(name)) || isKnownName(name) || isNumberName(name),
  });
}

/** A CSV whose header is understood. */
interface OpenedCsv {
  readonly kind: "opened";
  readonly layout: Layout;
  readonly columns: Columns;
  readonly judge: JudgeRow;
  readonly zones: RowZones | undefined;
}

function openCsv(
  { record, layout, first }: HeaderWithRows,
  { options, defaults, at, find }: JudgeSettings & { readonly find: FindNumberZones | undefined },
  attachments: Attachments,
  warnings: Warnings,
): OpenedCsv | RefusedFile {
  const home = options.country ?? defaults.country;
  const numbers = createNumberReader(undefined, home, options.numberCheck);
  const understood = readColumns(record.cells, {
    home,
    readNumber: numbers.kind === "reader" ? numbers.read : undefined,
    mapping: options.columns,
    byRecipient: find !== undefined,
    campaignText: options.message !== undefined && options.message.trim() !== "",
    records: first,
    warnings,
  });
  if (understood.kind === "refused") return withHeader(understood, record.cells);
  const { columns } = understood;
  const zones = find && createRowZones({ columns, options, defaults, find, at });
  const judging = { columns, options, defaults, findAttachment: attachments.find, warnings, first, zones };
  const compiled = createRowJudge(judging);
  return compiled.kind === "refused"
    ? withHeader(compiled, record.cells)
    : { kind: "opened", layout, columns, judge: compiled.judge, zones };
}

/** What is missing, with the names that the list has instead, unless those are somebody's number. */
const withHeader = (file: RefusedFile, header: readonly string[]): RefusedFile =>
  file.lacks === undefined || looksLikeData(header) ? file : { ...file, header };

/** Asks about the number last, of rows that nothing else keeps from being sent. */
const unlessSuppressed =
  (judge: JudgeRow, suppressed: JudgeSettings["suppressed"] = () => undefined): JudgeRow =>
  (...row) => {
    const verdict = judge(...row);
    const detail = verdict.kind === "send" ? suppressed(verdict.send.cnumber) : undefined;
    if (verdict.kind !== "send" || detail === undefined) return verdict;
    const { zone } = verdict.send;
    return { ...suppressedRow(detail, verdict.segments), planned: { zone } };
  };

const judgeRecords = (judge: JudgeRow, { records, suspect, below }: RecordsAbove, first: number) =>
  records.map((record, index): JudgedRow => {
    const row = first + index;
    const verdict = judge(record, row, suspect, records[index + 1] ?? below);
    return { row, line: record.line, cells: record.cells, verdict };
  });

function dialectOf(reader: CsvReader, samples: EncodingSamples, { layout }: OpenedCsv): DetectedDialect {
  const { name, guessed } = reader.encoding();
  const { delimiter, lineEnding } = layout;
  const sheet = reader.sheet?.();
  return { encoding: name, guessed, samples: guessed ? samples.all() : [], delimiter, lineEnding, sheet };
}

async function* digested(source: AsyncIterable<Uint8Array>, digest: Hash) {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}
