import type { ReadNumber } from "../../shared/csv/destination.ts";
import { invalid } from "../../shared/csv/problem.ts";

/**
 * Reads cells that name what kind of number they are instead of holding one: `own` is a number by itself only, `other` only
 * with what its row's column says, `both` either way but not the same one, `same` the same. With a plus sign, it is international.
 */
export const readsAs: ReadNumber = (cell, hint = {}) => {
  const kind = cell.replace("+", "");
  const hinted = hint.callingCode !== undefined || hint.country !== undefined;
  const isNumber = kind === "both" || kind === "same" || kind === (hinted ? "other" : "own");
  if (!isNumber) return invalid("none");
  const identity = `${cell.startsWith("+") ? "+" : ""}${kind === "same" || !hinted ? "1" : "2"}`;
  return { kind: "destination", cnumber: identity, identity };
};
