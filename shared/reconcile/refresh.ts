import { type Account, callsPerDayOf, rateOf, usedToday } from "../account/account.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import { maySend } from "../campaign/may-send.ts";
import type { OlderHistory } from "../campaign/older-history.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { DailyRoom } from "../campaign/sending-time.ts";
import { moment } from "../in-words.ts";
import type { Batches } from "../ledger/batches.ts";
import type { CountOptOuts } from "../opt-outs/opt-out-count.ts";
import { unreadInWords } from "../opt-outs/unread-in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { PlanError, planHead } from "../plan/read-plan.ts";
import { type Bucket, smallText } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import type { SendingConditions } from "../report/live-state.ts";
import { liveSummary } from "../report/live-summary.ts";
import { type ArchivedEntries, indexPages } from "../report/page/index-page.ts";
import { livePage } from "../report/page/live-page.ts";
import { recentReasons } from "../report/recent-reasons.ts";
import { showPages } from "../report/show-pages.ts";
import type { Summary } from "../report/summary.ts";
import { isShownAlready, pageNews } from "./news.ts";

/** Shows people how campaigns stand; `archived` are settled ones, which stand in the index behind them. */
export type Refresh = (campaigns: readonly Campaign[], account: Account, archived?: ArchivedEntries) => Promise<void>;

/** Writes the live pages of the campaigns that are not over and the index of all, when there is news and only what says something new. */
export function createRefresh(deps: {
  bucket: Bucket;
  clock: Pick<Clock, "now">;
  ceiling: number;
  /** The stack's `maxMessagesPerDay`; absent: no limit. */
  maxPerDay?: number;
  older: Pick<OlderHistory, "whole">;
  /** For the reasons of rows that were tried; without it, pages show only the plan's. */
  batches?: Pick<Batches, "between">;
  /** After so many days reports have expired; absent: never. */
  keepDays?: number;
  /** Absent where replies are not read. */
  countOptOuts?: CountOptOuts;
  /** What names this stack in a command that is shown, as words; absent: the default stack. */
  target?: readonly string[];
  /** Where people read the operations manual; absent: nowhere that could be linked to. */
  manual?: string;
}): Refresh {
  const { bucket, clock, ceiling, maxPerDay, older, batches, keepDays, target, manual, countOptOuts } = deps;
  const heads = createHeads(bucket);
  let shown = { at: Number.NEGATIVE_INFINITY, news: "" };

  return async (campaigns, account, archived) => {
    const began = clock.now();
    const news = pageNews(campaigns, account, archived, began);
    if (isShownAlready(shown, news, began)) return;
    const live = campaigns.filter(
      (campaign) => campaign.state === "running" || campaign.state === "paused" || campaign.state === "ending",
    );
    for (const campaign of live) {
      if (campaign.state === "refused") continue;
      const summary = liveSummary(
        await older.whole(campaign),
        {
          ...sendingConditionsOf(campaign, account, { rate: rateOf(account, ceiling), maxPerDay }, live, clock.now()),
          target,
          manual,
        },
        clock.now(),
        await heads(campaign),
        batches === undefined ? [] : await recentReasons(batches, campaign),
        await countOptOuts?.(campaign.createdAt, clock.now()),
      );
      await showPages(bucket, campaign.name, campaignFiles(summary, livePage(summary)), (stored) =>
        sameNews(stored, summary),
      );
    }
    const now = clock.now();
    for (const { key, html } of indexPages(campaigns, now, noticeOf(account, now), archived, keepDays)) {
      const stored = await smallText(bucket, key);
      if (stored === undefined || withoutFooter(stored) !== withoutFooter(html)) {
        await bucket.put(key, html, "text/html; charset=utf-8");
      }
    }
    shown = { at: began, news };
  };
}

/** Plans' heads, which never change, of the campaigns shown last; `undefined` for a plan that is not there any more. */
export function createHeads(bucket: Bucket): (campaign: CommittedCampaign) => Promise<PlanHead | undefined> {
  const known = new Map<string, PlanHead>();
  return async (campaign) => {
    try {
      const head = known.get(campaign.run) ?? (await planHead(bucket, campaign));
      if (known.size >= headsKept) known.clear();
      known.set(campaign.run, head);
      return head;
    } catch (error) {
      // Another reporter may have just finished the campaign; a live page can do without.
      if (error instanceof PlanError) return undefined;
      throw error;
    }
  };
}

const headsKept = 100;

/** What concerns every campaign. */
function noticeOf({ pause, hold, optOuts }: Account, now: number): string | undefined {
  if (pause !== undefined) return `All sending is paused: ${pause.reason}`;
  if (hold !== undefined && hold.until > now) return `All sending waits: ${hold.reason}`;
  return optOuts?.unread && unreadInWords(optOuts.unread);
}

const withoutFooter = (html: string) => html.replace(/<footer>.*?<\/footer>/su, "");

/**
 * What a live summary needs to know beyond the campaign's item. Those of `campaigns` that may send share the rate (calls per
 * second) and what the stack allows in a day.
 */
export function sendingConditionsOf(
  campaign: CommittedCampaign,
  account: Account,
  { rate, maxPerDay }: { readonly rate: number; readonly maxPerDay?: number },
  campaigns: readonly Campaign[],
  now: number,
): SendingConditions {
  const may = maySend(campaign, account, now);
  return {
    account: {
      rate,
      day: maxPerDay === undefined ? undefined : roomOf(account, maxPerDay, now),
      pause: account.pause,
      hold: account.hold !== undefined && account.hold.until > now ? account.hold : undefined,
    },
    waitingFor:
      may.kind === "waiting" ? { reason: waitingReason(campaign, may.why, may.until), until: may.until } : undefined,
    othersUnsent: campaigns.flatMap((other) =>
      other.state === "refused" || other.name === campaign.name || maySend(other, account, now).kind !== "yes"
        ? []
        : [unsent(other)],
    ),
  };
}

const dayMs = 24 * 3600_000;

/** The room of days as the account counts them, of 24 hours each: an hour more or less is no matter for an estimate. */
function roomOf({ callsPerDay, day }: Account, maxPerDay: number, now: number): DailyRoom {
  const until = day?.until ?? 0;
  return {
    calls: callsPerDayOf({ callsPerDay }, maxPerDay),
    used: usedToday({ day }, now),
    midnightAfter: (at) => until + Math.max(0, Math.floor((at - until) / dayMs) + 1) * dayMs,
  };
}

/** What the campaign waits for, with the opening by the clock that its window names. `until` in epoch milliseconds. */
function waitingReason(
  { options, defaults }: CommittedCampaign,
  why: "sendAfter" | "window" | "day-full",
  until: number | undefined,
): string {
  if (why === "sendAfter") return "The campaign's sendAfter has not come yet.";
  if (why === "day-full") return "The day's limit (maxMessagesPerDay) is used up; the rest follows after midnight.";
  if (byRecipient({ options, defaults })) {
    return until === undefined
      ? "Messages are sent only in each recipient's hours."
      : `Messages are sent only in each recipient's hours; the next begin at ${moment(until)}.`;
  }
  const zone = (options.window ?? defaults.window)?.timezone;
  return until === undefined || zone === undefined
    ? "Messages are sent only within the window."
    : `Messages are sent only within the window, which opens ${opening(until, zone)} (${zone}).`;
}

/** "Monday 09:00", by the clock of a zone; with the date, as it may be weeks away. */
function opening(at: number, timeZone: string): string {
  const parts = { weekday: "long", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone }).format(at).replace(" at ", ", ");
}

const unsent = ({ sendable, tally }: CommittedCampaign) =>
  Math.max(0, sendable - tally.submitted - tally.failed - tally.unknown - tally.skipped);

/** Whether what is stored says the same, whenever it was written. */
const sameNews = (stored: unknown, summary: Summary): boolean =>
  stored !== undefined && withoutTimes(JSON.stringify(stored)) === withoutTimes(JSON.stringify(summary));

const withoutTimes = (json: string) => json.replace(/"(updatedAt|estimatedEndAt|doneAt)":"[^"]*",?/gu, "");
