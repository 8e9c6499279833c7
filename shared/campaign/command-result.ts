/** What came of a command, in a sentence for the person who gave it; `refused` changed nothing. */
export interface CommandResult {
  readonly kind: "granted" | "refused";
  readonly sentence: string;
}
