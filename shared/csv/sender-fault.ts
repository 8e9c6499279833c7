import { bounds } from "../bounds.ts";
import { isEmptyToken, isSpreadsheetError } from "./clean-cells.ts";
import { isUnevaluatedFormula } from "./formula-cell.ts";

/** Why a text names nobody that a message could be sent from: a spreadsheet's error or formula, a word for nothing, or something else. */
export type SenderFault = "error" | "formula" | "nothing" | "no-sender";

/** What is wrong with a number, line or name to send from, in a cell as in the options; `undefined` for one that Enswitch may know. */
export function senderFault(snumber: string): SenderFault | undefined {
  if (isSpreadsheetError(snumber)) return "error";
  if (isUnevaluatedFormula(snumber)) return "formula";
  if (isEmptyToken(snumber)) return "nothing";
  const isOne = snumber.length <= bounds.snumber && senderCharacters.test(snumber) && !calculated.test(snumber);
  return isOne ? undefined : "no-sender";
}

/**
 * Letters and digits, and what stands between them in numbers, names of lines and SIP addresses; at least one letter or digit.
 * Brackets, quotes and line breaks are those of a page or a program that went wrong, braces of a template that nothing fills in.
 */
const senderCharacters =
  /^[\p{L}\p{M}\p{N}+()./ _&'@#*:;,‐‑\u00a0-]*[\p{L}\p{N}][\p{L}\p{M}\p{N}+()./ _&'@#*:;,‐‑\u00a0-]*$/u;

/** A number as a spreadsheet shows it: 4.42E+11, 442079460000.0 */
const calculated = /^\+?\d+(?:(?:[.,]\d+)?e[+-]?\d+|[.,]0+)$/i;
