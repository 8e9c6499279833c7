import type { Account } from "../account/account.ts";
import type { CommittedCampaign, HistoryEntry } from "../campaign/campaign.ts";

/** Deeds that a campaign remembers. */
const remembered = 50;

/**
 * The campaign's history with what people did to the whole account while it was under way: they paused, resumed or
 * changed the rate of this campaign, too. `undefined` when it has all of that already.
 */
export function withAccountHistory(
  { history, createdAt, end }: Pick<CommittedCampaign, "history" | "createdAt" | "end">,
  account: Pick<Account, "history">,
): readonly HistoryEntry[] | undefined {
  // What a full history has forgotten is not told again.
  const since = history.length < remembered ? createdAt : Math.max(createdAt, history[0]?.at ?? createdAt);
  const news = account.history
    .filter(({ at }) => at >= since && at <= (end?.at ?? at))
    .map(({ what, by, at }): HistoryEntry => ({ ...inWords(what), by, at }))
    .filter((deed) => !history.some(({ what, by, at }) => what === deed.what && by === deed.by && at === deed.at));
  if (news.length === 0) return undefined;
  return [...history, ...news].sort((a, b) => a.at - b.at).slice(-remembered);
}

function inWords(what: string): Pick<HistoryEntry, "what" | "rate"> {
  switch (what) {
    case "paused":
      return { what: "paused all sending" };
    case "resumed":
      return { what: "resumed all sending" };
    default:
      return { what: "changed the rate", rate: Number(what.replace("rate ", "")) };
  }
}
