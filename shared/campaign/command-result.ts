/** What came of a command, in a sentence for the person who gave it; `refused` changed nothing. */
export interface CommandResult {
  readonly kind: "granted" | "refused";
  readonly sentence: string;
  /** What may follow: a command, as the words after the program's name, and what it is given for ("let it go on"). */
  readonly next?: readonly { readonly to: string; readonly words: readonly string[] }[];
}
