import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Enqueue } from "../ports/queue.ts";

/**
 * The last batch of a group, the sendable rows of the plan up to it, how many of them were passed over, and the rate by
 * which it was delayed.
 */
export type GroupEnd = Pick<CommittedCampaign, "pointer" | "pointerRows" | "passedOver" | "pacedRate">;

/** Groups of batches on their way into the queue, one at a time. */
export interface BatchGroups {
  /**
   * Sends a group, invisible for `delaySeconds`, once the one before has got through, and resolves with that one, so that the next is read meanwhile:
   * `false` when somebody else feeds, or the pass is over.
   */
  send(bodies: readonly string[], end: GroupEnd, delaySeconds: number): Promise<boolean>;
  /** Resolves when the last group has got through; throws when one failed. */
  sent(): Promise<boolean>;
  /** The campaign as it now is: its pointer names the last batch that the queue accepted. */
  campaign(): CommittedCampaign;
}

/** Sends groups of a campaign's batches; the campaign's pointer moves after each. */
export function createBatchGroups(
  { campaigns, enqueue }: { readonly campaigns: Pick<Campaigns, "change">; readonly enqueue: Enqueue },
  from: CommittedCampaign,
): BatchGroups {
  let campaign = from;
  let last: Promise<boolean> = Promise.resolve(true);

  const feed = async (bodies: readonly string[], end: GroupEnd, delaySeconds: number): Promise<boolean> => {
    if (bodies.length > 0) await enqueue(bodies, delaySeconds);
    const moved = await campaigns.change(campaign, { pass: campaign.pass, pointer: campaign.pointer }, end);
    campaign = moved ?? campaign;
    return moved !== undefined;
  };

  return {
    send: (bodies, end, delaySeconds) => {
      const before = last;
      last = before.then((goesOn) => goesOn && feed(bodies, end, delaySeconds));
      // The next to wait for it learns of a failure; until then it must not count as unhandled.
      last.catch(() => {});
      return before;
    },
    sent: () => last,
    campaign: () => campaign,
  };
}
