/** A file from which nothing may be sent, and the sentence that says what to change in it. */
export interface RefusedFile {
  readonly kind: "refused";
  readonly reason: string;
}

/** Refuses a file: `reason` is a whole sentence, for the person who uploaded it. */
export const refused = (reason: string): RefusedFile => ({ kind: "refused", reason });
