import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { PlanHead } from "../plan/head.ts";
import { PlanError } from "../plan/read-plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import { previewAgain } from "../split/preview.ts";

/** What current heads depend on. */
export interface CurrentHeadsDeps {
  readonly bucket: Bucket;
  readonly clock: Pick<Clock, "now">;
  readonly suppressions: () => Promise<Suppressions>;
  /** A plan's head as it was written; `undefined` for a plan that is not there any more. */
  readonly heads: (campaign: CommittedCampaign) => Promise<PlanHead | undefined>;
}

/**
 * How often and up to which size the plan of a campaign that waits is read again, milliseconds and rows: others wait meanwhile, for some
 * seconds with so many rows. What is larger, or changes more often, says as of when it was counted.
 */
const again = { everyMs: 5 * 60_000, rows: 100_000 } as const;

/** Campaigns whose previews are kept. */
const kept = 100;

/**
 * Plans' heads; of a campaign that waits for approval with the preview by the suppression lists of now, so that nobody decides by
 * people who have opted out since. Throws what the bucket throws.
 */
export function createCurrentHeads({
  bucket,
  clock,
  suppressions,
  heads,
}: CurrentHeadsDeps): CurrentHeadsDeps["heads"] {
  const counted = new Map<string, { readonly preview: PlanHead["preview"]; readonly at: number }>();
  return async (campaign) => {
    const head = await heads(campaign);
    if (head?.preview === undefined || campaign.pause?.code !== "approval") return head;
    const known = counted.get(campaign.run);
    const before = known?.preview ?? head.preview;
    const now = clock.now();
    const tooSoon = known !== undefined && now - known.at < again.everyMs;
    if (tooSoon || campaign.sendable > again.rows) return { ...head, preview: before };
    const lists = await suppressions();
    if (before.left?.lists === stampOf(lists)) return { ...head, preview: before };
    const preview = await previewOrGone(bucket, campaign, { before: head.preview, lists, at: now });
    if (counted.size >= kept) counted.clear();
    counted.set(campaign.run, { preview: preview ?? before, at: now });
    return { ...head, preview: preview ?? before };
  };
}

const stampOf = (lists: Suppressions) => (lists.kind === "unreadable" ? lists.reason : lists.stamp);

/** `undefined` for a plan that is not there any more: another reporter may have just finished the campaign. */
const previewOrGone = (...[bucket, campaign, request]: Parameters<typeof previewAgain>) =>
  previewAgain(bucket, campaign, request).catch((error: unknown) => {
    if (error instanceof PlanError) return undefined;
    throw error;
  });
