import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Feed } from "../feed/feed.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ActiveCampaign } from "./examine.ts";
import { nextPass, renewal } from "./renew.ts";

/** What advancing a campaign depends on. */
export interface AdvanceDeps {
  readonly campaigns: Pick<Campaigns, "change">;
  readonly feed: Feed;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** Visibility time-out of the batches queue. */
  readonly visibilityMs: number;
  /** The splitter leaves a new campaign's first feed to the reporter, who has read what people have texted back. */
  readonly reporterFeedsFirst: boolean;
}

/** The splitter may take this long for a new campaign's first feed; if it died, the next tick feeds. */
const firstFeedMs = 10_000;

/** How far a campaign is advanced. */
export interface Advance {
  /** Rows that it may have in the queue. */
  readonly share: number;
  readonly queuedMs: number;
  /** The rate in force, calls per second. */
  readonly rate: number;
  /** Epoch ms. */
  readonly since: number;
}

/**
 * Feeds a campaign that may send up to its share of rows in the queue, beginning the next pass first where the present
 * one is of no use any more. `queuedMs` is how long all that is queued takes to send; `since` is when that was seen.
 */
export async function advance(
  deps: AdvanceDeps,
  { campaign, progress }: ActiveCampaign,
  { share, queuedMs, rate, since }: Advance,
): Promise<CommittedCampaign> {
  const { campaigns, feed, clock, log, visibilityMs } = deps;
  const now = clock.now();
  const why = renewal(campaign, progress, { visibilityMs, queuedMs, now });
  if (why === undefined) {
    // Both at once would put the same batches into the queue, and each such copy costs slots.
    const splitterFeeds = !deps.reporterFeedsFirst && now - campaign.createdAt < firstFeedMs;
    if (campaign.pass === 1 && splitterFeeds) return campaign;
    const room = share - progress.queuedRows;
    // What was delayed by a slower rate comes late: what is fed now goes beside it, and not behind it.
    const rowsAhead = (campaign.pacedRate ?? rate) < rate ? 0 : progress.queuedRows;
    return room > 0 ? feed(campaign, room, progress.done, { since, rowsAhead, rate }, progress.left) : campaign;
  }
  const renewed = await campaigns.change(
    campaign,
    { pass: campaign.pass, state: "running" },
    nextPass(campaign, progress, why, now),
  );
  if (renewed === undefined) return campaign;
  if (why === "stalled") {
    log.warn("Nothing was recorded for long; the queue is fed again.", { campaign: campaign.name });
  }
  return feed(renewed, share, progress.done, { since, rowsAhead: 0, rate }, progress.left);
}
