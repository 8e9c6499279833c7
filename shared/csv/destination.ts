import type { Invalid } from "./problem.ts";

/** A number to send to; `identity` is equal for two ways of writing one number, as far as that can be told. */
export interface Destination {
  readonly kind: "destination";
  readonly cnumber: string;
  readonly identity: string;
  /** What a person should look at before it is called. */
  readonly doubt?: NumberDoubt;
}

/**
 * Why a person should look at a number that was read: its plan does not list it, it is of another country than its row,
 * or of another country than the list without a plus sign that says so.
 */
export type NumberDoubt = "unlisted" | "other-country" | "no-plus";

/** What a row's own columns say of its number, as the cells have it; an empty cell says nothing. */
export interface NumberHints {
  /** A country's name or code. */
  readonly country?: string;
  /** A dialling code such as `+39`, which the number lacks. */
  readonly callingCode?: string;
}

/** Reads a cell as a destination, or says why it isn't one. */
export type ReadNumber = (cell: string, row?: NumberHints) => Destination | Invalid;

/** A number with nothing around its digits but a plus sign: what most cells hold, and quick to read. */
export const plainNumber = /^(?:\+\d{3,15}|(?!00)\d{2,15})$/;
