/** Why a row is not sent: a sentence that is the same for all rows of this kind, and what is particular to this one. */
export interface Problem {
  readonly problem: string;
  /** The offending value, shortened, or other particulars. */
  readonly example?: string;
}

/** What a reader of cells returns in place of a value. */
export type Invalid = { readonly kind: "invalid" } & Problem;

/** A problem as the result of reading a cell. */
export const invalid = (problem: string, example?: string): Invalid => ({ kind: "invalid", problem, example });

/** The sentence a clerk reads in the report's `send_detail`. */
export const detailOf = ({ problem, example }: Problem): string =>
  example === undefined ? problem : `${problem}: ${example}`;
