import { type Account, rateOf } from "../account/account.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import type { OlderHistory } from "../campaign/older-history.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { Batches } from "../ledger/batches.ts";
import type { CountOptOuts } from "../opt-outs/opt-out-count.ts";
import { unreadInWords } from "../opt-outs/unread-in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { PlanError, planHead } from "../plan/read-plan.ts";
import { type Bucket, smallText } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { liveSummary } from "../report/live-summary.ts";
import { type ArchivedEntries, indexPages } from "../report/page/index-page.ts";
import { livePage } from "../report/page/live-page.ts";
import { recentReasons } from "../report/recent-reasons.ts";
import { showPages } from "../report/show-pages.ts";
import type { Summary } from "../report/summary.ts";
import { createCurrentHeads } from "./current-heads.ts";
import { isShownAlready, pageNews } from "./news.ts";
import { sendingConditionsOf } from "./sending-conditions.ts";

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
  suppressions: () => Promise<Suppressions>;
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
  const { suppressions } = deps;
  const heads = createCurrentHeads({ bucket, clock, suppressions, heads: createHeads(bucket) });
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

/** Whether what is stored says the same, whenever it was written. */
const sameNews = (stored: unknown, summary: Summary): boolean =>
  stored !== undefined && withoutTimes(JSON.stringify(stored)) === withoutTimes(JSON.stringify(summary));

const withoutTimes = (json: string) => json.replace(/"(updatedAt|estimatedEndAt|doneAt)":"[^"]*",?/gu, "");
