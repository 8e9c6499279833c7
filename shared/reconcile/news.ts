import { type Account, callsPerDayOf } from "../account/account.ts";
import type { Campaign } from "../campaign/campaign.ts";
import { maySend } from "../campaign/may-send.ts";
import type { ArchivedEntries } from "../report/page/index-page.ts";

/** Pages are written again at least so often while something happens at all, in milliseconds. */
const showEveryMs = 5 * 60_000;

/** Whether pages that were last written at `at` (epoch ms) from what `pageNews` told then are still good enough. */
export const isShownAlready = (shown: { readonly at: number; readonly news: string }, news: string, now: number) =>
  shown.news === news && now - shown.at < showEveryMs;

/**
 * What pages have to say at once, as a text to compare: everything that happens to a campaign or the account, each failure, and
 * progress by thousandths. Each look at a long list would otherwise store pages that nobody can tell from the ones before.
 */
export const pageNews = (
  campaigns: readonly Campaign[],
  account: Account,
  archived: ArchivedEntries | undefined,
  now: number,
): string => {
  const { rate, pause, hold, history } = account;
  const callsPerDay = callsPerDayOf(account, Number.MAX_SAFE_INTEGER);
  return JSON.stringify([
    archived,
    { rate, callsPerDay, pause, holds: hold !== undefined && hold.until > now ? hold : undefined, history },
    ...campaigns.map((campaign) => {
      if (campaign.state === "refused") return campaign;
      const { tally, sendable, ...item } = campaign;
      const thousandths = Math.floor((1000 * (tally.submitted + tally.skipped)) / Math.max(1, sendable));
      const { failed, unknown } = tally;
      return { ...item, ...machinery, thousandths, failed, unknown, may: maySend(campaign, account, now) };
    }),
  ]);
};

/** Attributes that change as a campaign is fed and sent, and of which pages say nothing. */
const machinery = {
  pass: undefined,
  passStartedAt: undefined,
  parked: undefined,
  pointer: undefined,
  pointerRows: undefined,
  pacedRate: undefined,
  mark: undefined,
  markRows: undefined,
  ahead: undefined,
} satisfies { readonly [Name in keyof Extract<Campaign, { run: string }>]?: undefined };
