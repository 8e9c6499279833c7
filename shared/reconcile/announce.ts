import type { Campaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Publish } from "../ports/events.ts";
import { type EventDetail, eventDetail } from "../report/event-detail.ts";

/** Announces what became of a campaign since it was last announced. */
export type Announce = (campaign: Campaign) => Promise<void>;

/**
 * Announcing. A campaign's item keeps its events from the very change that they are of until they were accepted, so that a
 * crash in between announces them again rather than never; and the oldest goes first, so that they are in order.
 */
export function createAnnounce(deps: {
  readonly publish: Publish;
  readonly campaigns: Pick<Campaigns, "announced">;
  /** What tells these events from those of other stacks. */
  readonly stack: Pick<EventDetail, "stack" | "bucket">;
}): Announce {
  return async (campaign) => {
    const { events = [] } = campaign;
    if (events.length === 0) return;
    for (const event of events) {
      const detail = eventDetail(campaign, event, deps.stack);
      await deps.publish({ type: `campaign.${event.state}`, at: event.at, detail });
    }
    await deps.campaigns.announced(campaign.name, events);
  };
}
