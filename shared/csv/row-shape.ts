import { grouped } from "../in-words.ts";
import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import type { Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";

/** What is wrong with a record as a whole: it must be quoted unambiguously and have a cell for every column. */
export function shapeProblem({ cells, misquoted }: CsvRecord, columns: Columns): Problem | undefined {
  if (misquoted) {
    return {
      problem: "A quotation mark inside a quoted cell is not doubled, so that nobody can tell where the cell ends",
    };
  }
  const width = columns.all.length;
  if (cells.length === width && columns.nameless === 0) return undefined;
  const named = width - columns.nameless;
  const example = `${cells.length} instead of ${named}`;
  if (cells.length < named) {
    return {
      problem: "The row has fewer cells than the header; perhaps a line break in a text is not in quotation marks",
      example,
    };
  }
  if (cells.slice(named).some((cell) => cell.trim() !== "")) {
    return {
      problem:
        "The row has more cells than the header has names; perhaps a text with a comma or semicolon is not in quotation marks",
      example,
    };
  }
  return undefined;
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
