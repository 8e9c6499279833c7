import { isSpreadsheetError } from "./clean-cells.ts";
import { isUnevaluatedFormula } from "./formula-cell.ts";
import { wrappingOf } from "./wrapping-marks.ts";

/** Why a cell is never what its author meant: a spreadsheet's error, a formula in place of its value, or a program's own marks. */
export type Spoilt = "error" | "formula" | "marks";

/** Why a trimmed cell may not stand in a text; undefined for nearly all. */
export function spoiltBy(cell: string): Spoilt | undefined {
  if (isSpreadsheetError(cell)) return "error";
  if (isUnevaluatedFormula(cell)) return "formula";
  return wrappingOf(cell) === "escaped" ? "marks" : undefined;
}
