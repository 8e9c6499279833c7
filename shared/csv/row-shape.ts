import { grouped } from "../in-words.ts";
import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import type { Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";

/** What is wrong with a record as a whole: it must be quoted unambiguously, and have no cells beyond the header's. */
export function shapeProblem({ cells, doubt }: CsvRecord, columns: Columns): Problem | undefined {
  if (doubt !== undefined) return doubt;
  const width = columns.all.length;
  if (cells.length === width && columns.nameless === 0) return undefined;
  const named = width - columns.nameless;
  if (cells.length <= columns.cnumber) return fewerCells(cells, columns);
  if (cells.length > named && cells.slice(named).some((cell) => cell.trim() !== "")) {
    return {
      problem:
        "The row has more cells than the header has names; perhaps a text with a comma or semicolon is not in quotation marks",
      example: `${cells.length} instead of ${named}`,
    };
  }
  return undefined;
}

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

/**
 * Whether the record directly below a row is likely to be its rest, cut off by a line break that should be in quotation marks:
 * it has fewer cells than the header, and no number, or else the row ends in its own text.
 */
export function continuesBelow(
  { line, cells }: CsvRecord,
  below: CsvRecord | undefined,
  columns: Columns,
  hasNumber: (cells: readonly string[]) => boolean,
): boolean {
  if (below === undefined || below.line !== line + 1 || !isShort(below.cells, columns)) return false;
  const endsInText = columns.message === cells.length - 1;
  if (!endsInText && !isShort(cells, columns)) return false;
  const withoutNumber = !hasNumber(below.cells);
  return withoutNumber || (endsInText && isShort(cells, columns));
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
    const wrong = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/.exec(cell)?.[0];
    if (wrong === undefined) continue;
    const example = `column ${quoted(columns.all[at]?.name ?? "", 40)}`;
    return wrong === "\ufffd"
      ? { problem: "A cell has a damaged character (�); correct it in the list", example }
      : { problem: "A cell has a control character, which cannot be sent", example };
  }
  return undefined;
}
