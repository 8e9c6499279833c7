import type { RowPlace } from "../plan/plan.ts";

/** Where a row is, as people find it: "line 125" of their spreadsheet, or for plans of older versions "row 124". */
export const placeInWords = ({ row, line }: RowPlace): string => (line === undefined ? `row ${row}` : `line ${line}`);

/** "line 125", "lines 125, 756", and "…" after them when there are `more`. */
export const linesInWords = (lines: readonly number[], more: boolean): string => numbered("line", lines, more);

/** Where the rows are of which these are the first: "lines 125, 756", or for plans of older versions "rows 124, 755". */
export const placesInWords = (rows: readonly number[], lines: readonly number[] | undefined, count: number): string =>
  lines === undefined ? numbered("row", rows, count > rows.length) : numbered("line", lines, count > lines.length);

const shown = 10;

function numbered(word: string, numbers: readonly number[], more: boolean): string {
  if (numbers.length === 0) return "";
  const list = numbers.slice(0, shown).join(", ");
  return `${numbers.length === 1 ? word : `${word}s`} ${list}${more || numbers.length > shown ? " …" : ""}`;
}
