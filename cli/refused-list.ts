import type { Summary } from "../shared/report/summary.ts";

/** What programs are told of a list that was refused when it was checked. */
export interface RefusedList {
  readonly name: string;
  readonly state: "refused";
  /** What to change in the list, in a sentence. */
  readonly reason: string;
  /** What a person should look at, too. */
  readonly warnings: NonNullable<Summary["warnings"]>;
}
