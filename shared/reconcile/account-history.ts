import type { Account, AccountDeed } from "../account/account.ts";
import { historyKept, readAction, withEntries } from "../account/history.ts";
import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign, HistoryEntry } from "../campaign/campaign.ts";

/** Whom a history names where bulk-send itself paused or held the sending. */
export const itself = "bulk-send";

/** Holds that a history keeps: where Enswitch comes and goes all day, they must not push out what people did. */
const holdsKept = 15;

/** How long a day must have been full to be noted, milliseconds: what ends as sending stops gives back the slots that it had no call for. */
const fullForMs = 10_000;

/**
 * The campaign's history at `now` (epoch ms) with what happened to it besides its own commands: people paused, resumed or changed the rate
 * of the whole account, bulk-send paused it or the account, Enswitch did not answer, or the day was full. `undefined` when it has all of
 * that already.
 */
export function withAccountHistory(
  { history, createdAt, end, pause }: Pick<CommittedCampaign, "history" | "createdAt" | "end" | "pause">,
  account: Pick<Account, "history" | "pause" | "hold" | "dayFull">,
  now: number,
): readonly HistoryEntry[] | undefined {
  // What a full history has forgotten is not added again.
  const since = history.length < historyKept ? createdAt : Math.max(createdAt, history[0]?.at ?? createdAt);
  const held = history.filter(({ what }) => what === "held").length < holdsKept ? account.hold : undefined;
  const news = [
    ...account.history.map(entryOfDeed),
    ...byItself("paused", pause),
    ...byItself("paused all sending", account.pause),
    ...reached(account.dayFull, now),
    ...(held === undefined ? [] : [{ what: "held" as const, reason: held.reason, by: itself, at: held.since }]),
  ]
    .filter(({ at }) => at >= since && at <= (end?.at ?? at))
    .filter((entry) => !history.some(({ what, by, at }) => what === entry.what && by === entry.by && at === entry.at));
  if (news.length === 0) return undefined;
  return withEntries([], ...[...history, ...news].sort((a, b) => a.at - b.at));
}

/** A pause, unless a person made it, which the command has noted, or it is only the wait for an approval. */
const byItself = (what: "paused" | "paused all sending", pause: Pause | undefined): readonly HistoryEntry[] =>
  pause === undefined || pause.code === "person" || pause.code === "approval"
    ? []
    : [{ what, reason: pause.reason, by: itself, at: pause.at }];

const reached = (full: Account["dayFull"], now: number): readonly HistoryEntry[] =>
  full === undefined || now < full.from + fullForMs
    ? []
    : [{ what: "reached the daily limit", callsPerDay: full.calls, by: itself, at: full.from }];

/** What a person did to the whole account, as a campaign's history says it. */
export const entryOfDeed = ({ what, by, at }: AccountDeed): HistoryEntry => ({ ...inWords(what), by, at });

function inWords(stored: string): Pick<HistoryEntry, "what" | "rate" | "callsPerDay" | "numbers"> {
  const action = readAction(stored);
  switch (action.kind) {
    case "paused":
      return { what: "paused all sending" };
    case "resumed":
      return { what: "resumed all sending" };
    case "rate":
      return { what: "changed the rate", rate: action.rate };
    case "cap":
      return { what: "changed the daily limit", callsPerDay: action.callsPerDay };
    case "opt-outs":
      return { what: action.what === "add" ? "added opt-outs" : "removed opt-outs", numbers: action.numbers };
    default:
      return action satisfies never;
  }
}
