import type { ListWarning } from "../plan/head.ts";

/** A parameter that neither the list nor its options give, although no row can be sent without it. */
export type Lack = "cnumber" | "message" | "snumber";

/** A file from which nothing may be sent, and the sentence that says what to change in it. */
export interface RefusedFile {
  readonly kind: "refused";
  readonly reason: string;
  /** What is missing, if that is why; the options could give it. */
  readonly lacks?: Lack;
  /** The column names, where something is missing. */
  readonly header?: readonly string[];
  /** What had been noticed until then that a person should look at, too. */
  readonly warnings?: readonly ListWarning[];
}

/** Refuses a file: `reason` is a whole sentence, for the person who uploaded it; `lacks` says what the options could give. */
export const refused = (reason: string, lacks?: Lack): RefusedFile =>
  lacks === undefined ? { kind: "refused", reason } : { kind: "refused", reason, lacks };
