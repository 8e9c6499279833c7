import { quoted } from "../shorten.ts";
import { columnKey } from "./column-name.ts";
import { createFirstCells, type FirstCells, looksLikeNumber } from "./first-cells.ts";
import type { CsvRecord } from "./record-parser.ts";

/** The first line of a file, as it is judged. */
export interface Header {
  readonly names: readonly string[];
  /** The names as they are compared (see `columnKey`). */
  readonly keys: readonly string[];
  /** How many columns there are up to the last one with a name. */
  readonly named: number;
}

/** Names that are listed when a header lacks a column. */
const namesShown = 12;

const noHeader =
  'The first line seems to be a row already, not the column names. Put a first line such as "phone,message" above it.';

/**
 * What is wrong with the first line as a whole, if it isn't a list's header at all: `isNumberName` tells the names of columns that
 * hold numbers. Asked only of a header without such a name.
 */
export function headerFault(
  { names, named }: Header,
  first: FirstCells,
  isNumberName: (name: string) => boolean,
): string | undefined {
  const lower = lowerHeader(names, first.records, isNumberName);
  if (lower !== undefined) {
    const shown = lower.names.filter((name) => columnKey(name) !== "").slice(0, namesShown);
    return `The column names seem to be in line ${lower.line} (${shown.map((name) => quoted(name.trim(), 40)).join(", ")}), not in the first line. Remove the lines above them.`;
  }
  if (named === 0) return "The first line has no column names. Give the columns that are needed a name there.";
  if (isFixedWidth(names, first.records)) {
    return `This is text in columns of a fixed width, not a CSV: each line is all one column, such as ${quoted(looksLikeData(names) ? "…" : (names[0] ?? ""), 60)}. Open it in the spreadsheet program, choose a fixed width in the import, and save it as "CSV UTF-8".`;
  }
  return linesInQuotes(names, first.records)
    ? `Every line of the file is in quotation marks as a whole, such as ${quoted(looksLikeData(names) ? "…" : (names[0] ?? ""), 60)}, so that it is all one column. Remove these quotation marks, or export the list again.`
    : undefined;
}

/** A line below the first that has a number's name, and numbers below that. */
function lowerHeader(
  title: readonly string[],
  records: readonly CsvRecord[],
  isNumberName: (name: string) => boolean,
): { readonly line: number; readonly names: readonly string[] } | undefined {
  const filled = (cells: readonly string[]) => cells.filter((cell) => cell.trim() !== "").length;
  for (const [at, record] of records.entries()) {
    const rest = records.slice(at + 1);
    for (const separator of record.cells.length === 1 ? separators : [undefined]) {
      const split = ({ cells }: CsvRecord) =>
        separator === undefined ? cells : cells.flatMap((cell) => cell.split(separator));
      const names = split(record);
      if (looksLikeData(names) || filled(names) < filled(title)) continue;
      const number = names.findIndex(isNumberName);
      if (number < 0) continue;
      const below = createFirstCells(rest.map((row) => ({ ...row, cells: split(row) })));
      if (rest.length === 0 || below.numbers(number) > 0) return { line: record.line, names };
    }
  }
  return undefined;
}

const separators = [",", ";", "\t", "|"];

/** Whether the file has one column, whose cells are lines of a list. */
function linesInQuotes(names: readonly string[], records: readonly CsvRecord[]): boolean {
  const [name = "", ...others] = names;
  if (others.some((other) => other.trim() !== "")) return false;
  return separators.some(
    (separator) =>
      name.split(separator).filter((part) => columnKey(part) !== "").length > 1 &&
      records.every(
        ({ cells }) => cells.slice(1).every((cell) => cell.trim() === "") && (cells[0] ?? "").includes(separator),
      ),
  );
}

/** Whether the header is one column with wide gaps in it, as most of the rows are. */
function isFixedWidth([name = "", ...others]: readonly string[], records: readonly CsvRecord[]): boolean {
  if (others.length > 0 || records.length === 0 || !wideGap.test(name)) return false;
  return records.filter(({ cells }) => wideGap.test(cells[0] ?? "")).length * 2 > records.length;
}

const wideGap = /\S {2,}\S/;

/** Says that no column holds the phone numbers, and what to do about it: `advice` is the option to write. */
export const noNumberColumn = (header: Header, advice: string): string =>
  looksLikeData(header.names)
    ? noHeader
    : `No column holds the phone numbers: ${namesInWords(header)}. Name it "cnumber", "phone" or "mobile" in the first line, or say which it is in the options: ${advice}.`;

/** The header's names, for a sentence; its cells are not repeated when they look like somebody's number. */
export function namesInWords({ names, keys }: Header): string {
  if (looksLikeData(names)) return "the first line seems to be a row already, not the column names";
  const shown = names.filter((_, at) => keys[at] !== "");
  return `the first line names ${shown
    .slice(0, namesShown)
    .map((name) => quoted(name, 40))
    .join(", ")}${shown.length > namesShown ? ` and ${shown.length - namesShown} more` : ""}`;
}

/** Whether the names look like a row: they are never repeated in a sentence then. */
export const looksLikeData = (names: readonly string[]) =>
  names.some((name) => /\d{5}/.test(name.replace(/[\s().+-]/g, "")) || looksLikeNumber(name.trim()));
