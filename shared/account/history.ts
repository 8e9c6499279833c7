/** What a person did to the whole account. */
export type AccountAction =
  | { readonly kind: "paused" }
  | { readonly kind: "resumed" }
  /** Calls per second. */
  | { readonly kind: "rate"; readonly rate: number };

const ratePrefix = "rate ";

/** An action as the account's history stores it: `paused`, `resumed` or `rate 5`. */
export const storedAction = (action: AccountAction): string =>
  action.kind === "rate" ? `${ratePrefix}${action.rate}` : action.kind;

/** The action that a stored text stands for. */
export function readAction(stored: string): AccountAction {
  if (stored === "paused" || stored === "resumed") return { kind: stored };
  return { kind: "rate", rate: Number(stored.replace(ratePrefix, "")) };
}

/** Entries that the history of a campaign or of the account keeps. */
export const historyKept = 50;

/** A history with more entries, newest last; the oldest are forgotten. */
export const withEntries = <Entry>(history: readonly Entry[], ...entries: readonly Entry[]): Entry[] =>
  [...history, ...entries].slice(-historyKept);
