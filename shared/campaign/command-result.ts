/** What came of a command, in a sentence for the person who gave it; `refused` changed nothing. */
export interface CommandResult {
  readonly kind: "granted" | "refused";
  readonly sentence: string;
  /** Commands that may follow, as the words after the program's name, and what each does. */
  readonly next?: readonly { readonly words: readonly string[]; readonly does: string }[];
}
