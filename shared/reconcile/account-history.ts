import type { Account, AccountDeed } from "../account/account.ts";
import { historyKept, readAction, withEntries } from "../account/history.ts";
import type { CommittedCampaign, HistoryEntry } from "../campaign/campaign.ts";

/**
 * The campaign's history with what people did to the whole account while it was under way: they paused, resumed or
 * changed the rate of this campaign, too. `undefined` when it has all of that already.
 */
export function withAccountHistory(
  { history, createdAt, end }: Pick<CommittedCampaign, "history" | "createdAt" | "end">,
  account: Pick<Account, "history">,
): readonly HistoryEntry[] | undefined {
  // What a full history has forgotten is not added again.
  const since = history.length < historyKept ? createdAt : Math.max(createdAt, history[0]?.at ?? createdAt);
  const news = account.history
    .filter(({ at }) => at >= since && at <= (end?.at ?? at))
    .map(entryOfDeed)
    .filter((entry) => !history.some(({ what, by, at }) => what === entry.what && by === entry.by && at === entry.at));
  if (news.length === 0) return undefined;
  return withEntries([], ...[...history, ...news].sort((a, b) => a.at - b.at));
}

/** What a person did to the whole account, as a campaign's history says it. */
export const entryOfDeed = ({ what, by, at }: AccountDeed): HistoryEntry => ({ ...inWords(what), by, at });

function inWords(stored: string): Pick<HistoryEntry, "what" | "rate" | "callsPerDay"> {
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
    default:
      return action satisfies never;
  }
}
