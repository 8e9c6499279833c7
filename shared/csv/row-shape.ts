import { grouped } from "../in-words.ts";
import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import { looksLikeNumber } from "./first-cells.ts";
import { oddCharacter } from "./odd-character.ts";
import type { Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";
import type { Warnings } from "./warnings.ts";

/** What is wrong with a record as a whole: it must be quoted unambiguously, and have no cells beyond the header's. */
export function shapeProblem({ cells, doubt }: CsvRecord, columns: Columns): Problem | undefined {
  if (doubt !== undefined) return doubt;
  const width = columns.all.length;
  if (cells.length === width && columns.nameless === 0) return undefined;
  const named = width - columns.nameless;
  if (isWholeRow(cells)) return quotedRow;
  if (cells.length <= columns.cnumber) return fewerCells(cells, columns);
  if (namelessCell(cells, columns) === undefined) return undefined;
  if (cells.length <= width && !mayContinueText(cells, named, columns)) return undefined;
  return {
    problem:
      "The row has more cells than the header has names; perhaps a text with a comma or semicolon is not in quotation marks",
    example: `${cells.length} instead of ${named}`,
  };
}

/** The first cell that has something in it behind the columns with a name. */
export const namelessCell = (cells: readonly string[], { all, nameless }: Columns): string | undefined =>
  cells.slice(all.length - nameless).find((cell) => cell.trim() !== "");

/** Notes that something stands behind the last column with a name. */
export const noteNameless = (warnings: Warnings, cell: string, line: number): void =>
  warnings.add(
    "nameless-cells",
    "Cells behind the last column with a name are left aside. Give their column a name in the first line if the list needs it.",
    { line, example: quoted(cell.trim()) },
  );

/** Whether a cell in a nameless column may be the rest of the cell before it, cut where that has a comma. */
function mayContinueText(cells: readonly string[], named: number, { message }: Columns): boolean {
  const next = cells[named] ?? "";
  return next.trim() !== "" && (message === named - 1 || /^\s/.test(next));
}

/** Whether the only cell of a row holds delimiters, a number and something else: the row is in quotation marks as a whole. */
function isWholeRow(cells: readonly string[]): boolean {
  if (cells.length > 1) return false;
  const parts = (cells[0] ?? "").split(/[,;\t|]/).flatMap((part) => part.trim() || []);
  const numbers = parts.filter(looksLikeNumber).length;
  return numbers > 0 && numbers < parts.length;
}

const quotedRow: Problem = {
  problem:
    "The row is all one cell: it is in quotation marks as a whole, or has other separators than the first line; export the list again",
};

/** Whether cells are left out at a row's end: they count as empty. */
export const isShort = (cells: readonly string[], columns: Columns): boolean =>
  cells.length < columns.all.length - columns.nameless;

/** The problem of a row that lacks a cell it needs. */
export const fewerCells = (cells: readonly string[], columns: Columns): Problem => ({
  problem: "The row has fewer cells than the header; perhaps a line break in a text is not in quotation marks",
  example: `${cells.length} instead of ${columns.all.length - columns.nameless}`,
});

/** The problem of a row that seems to continue in the line below. */
export const brokenRow: Problem = {
  problem: "The line below seems to be the rest of this row; put a text with line breaks in quotation marks",
};

/** What is known of a list's rows. */
export interface RowsOfList {
  readonly hasNumber: (cells: readonly string[]) => boolean;
  /** How many cells all of the first rows have. */
  readonly usualCells: number | undefined;
}

/** How many cells all of these rows have; `undefined` where they differ, or are too few to say. */
export function usualCells(records: readonly CsvRecord[]): number | undefined {
  const width = records[0]?.cells.length;
  return records.length >= 3 && records.every(({ cells }) => cells.length === width) ? width : undefined;
}

/**
 * Whether the record directly below a row is likely to be its rest, cut off by a line break that should be in quotation marks:
 * it has fewer cells than the header, and no number, or else the row ends in its own text and both together have the header's
 * cells, while not all rows of the list are so short.
 */
export function continuesBelow(
  { line, cells }: CsvRecord,
  below: CsvRecord | undefined,
  columns: Columns,
  { hasNumber, usualCells }: RowsOfList,
): boolean {
  if (below === undefined || below.line !== line + 1 || !isShort(below.cells, columns)) return false;
  const { message, cnumber, all, nameless } = columns;
  const endsInText = message === cells.length - 1;
  if (!endsInText && !isShort(cells, columns)) return false;
  const areOneRow = cells.length + below.cells.length - 1 === all.length - nameless;
  if (hasNumber(below.cells)) {
    const alike = below.cells.length === usualCells && cells.length === usualCells;
    return endsInText && isShort(cells, columns) && areOneRow && !alike;
  }
  if (endsInText) return true;
  // What somebody meant for a number, or nothing in its place, is a row of its own; else both together are one.
  const number = below.cells[cnumber];
  if (number?.trim() === "" || (number ?? "").replace(/\D/g, "").length >= 4) return false;
  return below.cells.length === 1 || areOneRow;
}

/** The characters of a spreadsheet's cell. A longer text is cut in a report's workbook to exactly so many, ending in "…". */
const sheetCharacters = 32_767;

/** The first cell that was cut because a spreadsheet's cells hold no more: its text is not what its author wrote. */
export function cutProblem(cells: readonly string[], columns: Columns): Problem | undefined {
  const at = cells.findIndex((cell) => cell.length === sheetCharacters && cell.endsWith("…"));
  if (at < 0) return undefined;
  return {
    problem: `A text ends where a spreadsheet's cell is full, after ${grouped(sheetCharacters)} characters; take it from the CSV beside the workbook`,
    example: `column ${quoted(columns.all[at]?.name ?? "", 40)}`,
  };
}

/** The first cell with a character that no message can carry. */
export function characterProblem(cells: readonly string[], columns: Columns): Problem | undefined {
  for (const [at, cell] of cells.entries()) {
    const wrong = oddCharacter(cell);
    if (wrong === undefined) continue;
    const example = `column ${quoted(columns.all[at]?.name ?? "", 40)}`;
    return wrong === "damaged"
      ? { problem: "A cell has a damaged character (�); correct it in the list", example }
      : { problem: "A cell has a control character, which cannot be sent", example };
  }
  return undefined;
}
