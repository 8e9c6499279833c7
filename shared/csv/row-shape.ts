import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import type { Problem } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";

/** What is wrong with a record as a whole: it must be quoted unambiguously and have a cell for every column. */
export function shapeProblem({ cells, doubt }: CsvRecord, columns: Columns): Problem | undefined {
  if (doubt !== undefined) return doubt;
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
