/** What a person did to the whole account. */
export type AccountAction =
  | { readonly kind: "paused" }
  | { readonly kind: "resumed" }
  /** Calls per second. */
  | { readonly kind: "rate"; readonly rate: number }
  /** Calls per day. */
  | { readonly kind: "cap"; readonly callsPerDay: number }
  /** So many numbers were put on the list of opt-outs, or taken off it. */
  | { readonly kind: "opt-outs"; readonly what: "add" | "remove"; readonly numbers: number };

const ratePrefix = "rate ";
const capPrefix = "cap ";
const optOutsPrefix = "opt-outs ";

/** An action as the account's history stores it: `paused`, `resumed`, `rate 5`, `cap 500` or `opt-outs add 2`. */
export function storedAction(action: AccountAction): string {
  if (action.kind === "opt-outs") return `${optOutsPrefix}${action.what} ${action.numbers}`;
  if (action.kind === "rate") return `${ratePrefix}${action.rate}`;
  return action.kind === "cap" ? `${capPrefix}${action.callsPerDay}` : action.kind;
}

/** The action that a stored text stands for. */
export function readAction(stored: string): AccountAction {
  if (stored === "paused" || stored === "resumed") return { kind: stored };
  if (stored.startsWith(optOutsPrefix)) {
    const [, what, numbers] = stored.split(" ");
    return { kind: "opt-outs", what: what === "remove" ? "remove" : "add", numbers: Number(numbers) };
  }
  if (stored.startsWith(capPrefix)) return { kind: "cap", callsPerDay: Number(stored.slice(capPrefix.length)) };
  return { kind: "rate", rate: Number(stored.replace(ratePrefix, "")) };
}

/** Entries that the history of a campaign or of the account keeps. */
export const historyKept = 50;

/** A history with more entries, newest last; the oldest are forgotten. */
export const withEntries = <Entry>(history: readonly Entry[], ...entries: readonly Entry[]): Entry[] =>
  [...history, ...entries].slice(-historyKept);
