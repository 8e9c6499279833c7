import type { ListWarning } from "../plan/head.ts";
import { SuppressionError, type Suppressions } from "./suppression.ts";

/** What the suppression lists say now of a list that is checked. */
export interface SuppressedNow {
  /** By which lists: others have another one. */
  readonly stamp: string;
  /** Why a number would not be sent to, in words that name the list; `undefined` when it would be, or when nobody can tell. */
  readonly suppressed: (cnumber: string) => string | undefined;
  /** What would pause a campaign of the numbers asked about, because nobody could tell; nothing if it would be sent. */
  readonly warnings: () => readonly ListWarning[];
}

/** Asks the lists about numbers of a campaign of `country` (ISO code), without stopping where a feed would. */
export function suppressedNow(lists: Suppressions, country: string | undefined): SuppressedNow {
  if (lists.kind === "unreadable") {
    const warning = wouldPause(lists.reason);
    return { stamp: lists.reason, suppressed: () => undefined, warnings: () => [warning] };
  }
  let fault: string | undefined;
  return {
    stamp: lists.stamp,
    suppressed: (cnumber) => {
      try {
        return lists.detail(cnumber, country);
      } catch (error) {
        if (!(error instanceof SuppressionError)) throw error;
        fault ??= error.message;
        return undefined;
      }
    },
    warnings: () => (fault === undefined ? [] : [wouldPause(fault)]),
  };
}

const wouldPause = (reason: string): ListWarning => ({
  code: "suppression",
  text: `If this list were sent now, it would be paused at once: ${reason}`,
});
