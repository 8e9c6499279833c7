import * as z from "zod";
import type { Campaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { markedAt, markOf } from "../campaign/unsettled.ts";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Table } from "../ports/table.ts";
import type { Attempts } from "./attempts.ts";
import type { CampaignIndex } from "./campaign-index.ts";
import { hasNews } from "./mailer.ts";

/** The campaigns that a look has something to do with. */
export interface Listing {
  readonly listed: readonly Campaign[];
  /** Names of campaigns that this version cannot read. */
  readonly unreadable: ReadonlySet<string>;
  /**
   * Takes those that were listed and need nothing any more off the list; the index goes on showing them. `announced` are
   * those whose events this look has announced.
   */
  settle(announced: ReadonlySet<string>): Promise<void>;
}

/** Lists campaigns: those that are not settled, and now and then all of them. */
export type ListCampaigns = (attempts: Attempts) => Promise<Listing>;

/** No campaign's name begins with a slash. */
const key = { pk: "/look", sk: "listing" } as const;

/** When every campaign is read next, epoch milliseconds. */
const FullListing = z.object({ dueAt: z.number() });

/** How often every campaign is read, finished ones too: in case one was forgotten. */
const fullListingEveryMs = 24 * 3600_000;

/**
 * After the first time, which finds the campaigns of older versions, a splitter of such a version may still run for a
 * quarter of an hour.
 */
const secondListingMs = 20 * 60_000;

/** A name noted so long ago belongs to no campaign that is still to come: nothing runs for more than a quarter of an hour. */
const strayMs = 48 * 3600_000;

/** Listing from the ledger. Throws what the table throws; what cannot be read is logged, and counts as a failure. */
export function createListing(deps: {
  readonly table: Table;
  readonly campaigns: Pick<Campaigns, "all" | "unsettled" | "noteUnsettled" | "settle">;
  readonly index: Pick<CampaignIndex, "add" | "rebuild">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}): ListCampaigns {
  const { table, campaigns, index, clock, log } = deps;

  /** Notes as unsettled what is not settled. Returns the others. */
  const noteAll = async (): Promise<readonly Campaign[]> => {
    const settled: Campaign[] = [];
    const unreadable: string[] = [];
    for await (const campaign of campaigns.all((name) => unreadable.push(name))) {
      if (isSettled(campaign, false)) settled.push(campaign);
      else await campaigns.noteUnsettled(campaign.name, markOf(campaign));
    }
    for (const name of unreadable) await campaigns.noteUnsettled(name, "0 unreadable");
    return settled;
  };

  const noteAllWhenDue = async (): Promise<void> => {
    const item = await table.get(key, { consistent: true });
    const due = item === undefined ? undefined : readItem(FullListing, item, "The time of the next full listing").dueAt;
    const now = clock.now();
    if (due !== undefined && now < due) return;
    const settled = await noteAll();
    if (due === undefined) await index.rebuild(settled);
    const dueAt = now + (due === undefined ? secondListingMs : fullListingEveryMs);
    await table.update(key, { when: { dueAt: due }, set: { v: itemVersion, dueAt } });
  };

  return async ({ failed }) => {
    await noteAllWhenDue();
    const unreadable = new Set<string>();
    const found = await Array.fromAsync(
      campaigns.unsettled((campaign, problem) => {
        log.error("A campaign cannot be read; the others go on.", problem, { campaign });
        failed(problem);
        unreadable.add(campaign);
      }),
    );
    const listed = found.flatMap(({ campaign }) => (campaign === undefined ? [] : [campaign]));
    return {
      listed,
      unreadable,
      settle: async (announced) => {
        const settled = found.flatMap(({ campaign, ...noted }) =>
          campaign !== undefined && isSettled(campaign, announced.has(campaign.name)) ? [{ ...noted, campaign }] : [],
        );
        await index.add(settled.map(({ campaign }) => campaign));
        for (const { name, mark, campaign } of settled) {
          // Another campaign's mark: it may be written at any moment.
          const own = mark === markOf(campaign);
          if (own || clock.now() - markedAt(mark) > strayMs) await campaigns.settle(name, mark);
        }
      },
    };
  };
}

/** Whether nothing is left to do for a campaign: no row, no report, no plan, no mail, no event. */
const isSettled = (campaign: Campaign, announced: boolean): boolean =>
  (campaign.events === undefined || announced) &&
  (campaign.state === "refused" || (campaign.cleaned === true && !hasNews(campaign)));
