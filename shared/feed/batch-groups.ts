import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Enqueue } from "../ports/queue.ts";

/** The last batch of a group, and the sendable rows of the plan up to it. */
export type GroupEnd = Pick<CommittedCampaign, "pointer" | "pointerRows">;

/** Groups of batches on their way into the queue, one at a time. */
export interface BatchGroups {
  /**
   * Sends a group once the one before has got through, and resolves with that one, so that the next is read meanwhile:
   * `false` when somebody else feeds, or the pass is over.
   */
  send(bodies: readonly string[], end: GroupEnd): Promise<boolean>;
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

  const feed = async (bodies: readonly string[], end: GroupEnd): Promise<boolean> => {
    if (bodies.length > 0) await enqueue(bodies);
    const moved = await campaigns.change(campaign, { pass: campaign.pass, pointer: campaign.pointer }, end);
    campaign = moved ?? campaign;
    return moved !== undefined;
  };

  return {
    send: (bodies, end) => {
      const before = last;
      last = before.then((goesOn) => goesOn && feed(bodies, end));
      // The next to wait for it learns of a failure; until then it must not count as unhandled.
      last.catch(() => {});
      return before;
    },
    sent: () => last,
    campaign: () => campaign,
  };
}
