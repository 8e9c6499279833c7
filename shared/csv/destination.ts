import type { Invalid } from "./problem.ts";

/** A number to send to; `identity` is equal for two ways of writing one number, as far as that can be told. */
export interface Destination {
  readonly kind: "destination";
  readonly cnumber: string;
  readonly identity: string;
}

/** What a row says about its number's country: the cells as they are. */
export interface RowPlace {
  readonly country?: string;
  readonly callingCode?: string;
}

/** Reads a cell as a destination, or says why it isn't one. */
export type ReadNumber = (cell: string, row?: RowPlace) => Destination | Invalid;

/** A number with nothing around its digits but a plus sign: what most cells hold, and quick to read. */
export const plainNumber = /^(?:\+\d{3,15}|(?!00)\d{2,15})$/;
