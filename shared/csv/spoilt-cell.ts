import { isSpreadsheetError } from "./clean-cells.ts";
import { isUnevaluatedFormula } from "./formula-cell.ts";
import { wrappingOf } from "./wrapping-marks.ts";

/**
 * Why a cell is never what its author meant: a spreadsheet's error, a formula in place of its value, a program's own marks, or what a
 * program wrote because it could not show the value.
 */
export type Spoilt = "error" | "formula" | "marks" | "unshown";

/** Why a trimmed cell may not stand in a text; undefined for nearly all. */
export function spoiltBy(cell: string): Spoilt | undefined {
  if (isSpreadsheetError(cell)) return "error";
  if (isUnevaluatedFormula(cell)) return "formula";
  if (/^\[object \w+\]$/.test(cell)) return "unshown";
  return wrappingOf(cell) === "escaped" ? "marks" : undefined;
}
