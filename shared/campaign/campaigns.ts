import { itemVersion, readItem, UnreadableItem } from "../ledger/read-item.ts";
import type { Change, Item, Table } from "../ports/table.ts";
import { Campaign, type CommittedCampaign, type Tally } from "./campaign.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import { eventAttribute, eventPrefix, eventsOfChange, eventsOfCreation } from "./events.ts";
import { formsOf } from "./name.ts";
import { createUnsettled, markOf, type UnsettledCampaigns } from "./unsettled.ts";

/** The campaign items of the ledger. */
export interface Campaigns extends UnsettledCampaigns {
  /** By the name in whatever form a person's program writes it; the campaign's own `name` is the form that it is kept under. */
  read(name: string, read: { readonly consistent: boolean }): Promise<Campaign | undefined>;
  /**
   * All of them, finished ones too, in the order of their names. Those that this version cannot read are left out and
   * passed to `unreadable`; without it the first of them is thrown.
   */
  all(unreadable?: (name: string, problem: UnreadableItem) => void): AsyncIterable<Campaign>;
  /**
   * Writes the whole item if the name is free, or refused as the caller saw it. `undefined`: somebody else was faster. What
   * is to be announced of it is written with it, and so it is by `change`: there is no change without its event, and no
   * event without its change.
   */
  create(campaign: Campaign, seen: Campaign | undefined): Promise<Campaign | undefined>;
  /**
   * Changes attributes under conditions; `undefined` in `set` removes one. Returns the campaign after the change, or
   * `undefined` when a condition did not hold. Only for committed campaigns: `run` is always among the conditions.
   */
  change(
    campaign: CommittedCampaign,
    when: Change["when"],
    set: Partial<CommittedCampaign>,
  ): Promise<CommittedCampaign | undefined>;
  /** Takes away events that were announced; those that came to be meanwhile stay. */
  announced(name: string, events: readonly CampaignEvent[]): Promise<void>;
  /**
   * Adds to the tallies of the campaign's run, if they are still as `seen` says; returns the campaign after it, or
   * `undefined` when nothing was added.
   */
  count(
    campaign: { readonly name: string; readonly run: string },
    add: Partial<Tally>,
    now: number,
    seen?: Partial<Tally>,
  ): Promise<CommittedCampaign | undefined>;
}

const partition = "campaigns";

const states: readonly Campaign["state"][] = ["refused", "running", "paused", "ending", "complete"];

/** Prefix of the tallies' attributes: top-level, because only those can be added to without a read. */
const tallyPrefix = "tally_";

/** Campaigns on a table. Throws what the table throws, and an UnreadableItem for an item that this version cannot read. */
export function createCampaigns(table: Table): Campaigns {
  const change = async (name: string, request: Change): Promise<CommittedCampaign | undefined> => {
    const item = await table.update({ pk: partition, sk: name }, request);
    const campaign = item === undefined ? undefined : fromItem(name, item);
    return campaign === undefined || campaign.state === "refused" ? undefined : campaign;
  };

  const read: Campaigns["read"] = async (name, read) => {
    for (const form of formsOf(name)) {
      const item = await table.get({ pk: partition, sk: form }, read);
      if (item !== undefined) return fromItem(form, item);
    }
    return undefined;
  };
  const { unsettled, noteUnsettled, settle } = createUnsettled(table, read);

  return {
    read,
    noteUnsettled,
    unsettled,
    settle,

    all: async function* (unreadable) {
      for await (const { sk, item } of table.query(partition, { consistent: true })) {
        const campaign = readOr(sk, item, unreadable);
        if (campaign !== undefined) yield campaign;
      }
    },

    create: async (campaign, seen) => {
      const when: Change["when"] =
        seen === undefined
          ? { state: undefined }
          : { state: "refused", createdAt: seen.createdAt, reason: seen.state === "refused" ? seen.reason : "" };
      // First, so that no campaign is ever out of sight.
      await noteUnsettled(campaign.name, markOf(campaign));
      const set: Item = { ...toItem(campaign), ...toAttributes(eventsOfCreation(campaign, seen)), v: itemVersion };
      // A refusal's own attributes make room for a campaign's.
      const remove = seen === undefined ? [] : ["reason"].filter((name) => set[name] === undefined);
      const item = await table.update({ pk: partition, sk: campaign.name }, { when, set, remove });
      return item === undefined ? undefined : fromItem(campaign.name, item);
    },

    change: (campaign, when, set) => {
      const item = { ...toItem(set), ...toAttributes(eventsOfChange(campaign, set)) };
      const remove = Object.keys(set).filter((name) => item[name] === undefined && name !== "tally");
      return change(campaign.name, { when: { run: campaign.run, ...when }, set: item, remove });
    },

    announced: (name, events) => takeAway(table, name, events),

    count: ({ name, run }, add, now, seen = {}) =>
      change(name, {
        when: { run, ...withPrefix(seen) },
        set: { [`${tallyPrefix}lastRecordAt`]: now },
        add: withPrefix(add),
      }),
  };
}

const withPrefix = (tally: Partial<Tally>): Record<string, number> =>
  Object.fromEntries(Object.entries(tally).map(([name, value]) => [tallyPrefix + name, value]));

function fromItem(name: string, item: Item): Campaign {
  const entries = Object.entries(item);
  const tally = entries.filter(([name]) => name.startsWith(tallyPrefix));
  const events = entries.filter(([name]) => name.startsWith(eventPrefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  return readItem(
    Campaign,
    {
      ...item,
      tally: Object.fromEntries(tally.map(([key, value]) => [key.slice(tallyPrefix.length), value])),
      ...(events.length > 0 && { events: events.flatMap(([, event]) => (event === undefined ? [] : [event])) }),
    },
    `The campaign ${name}`,
  );
}

async function takeAway(table: Table, name: string, events: readonly CampaignEvent[]): Promise<void> {
  // Only where there is an item: a change of one that is absent would create it.
  const when = { state: [...states] };
  await table.update({ pk: partition, sk: name }, { when, remove: events.map(eventAttribute) });
}

/** Events as an item keeps them, each in an attribute of its own, and when the latest happened. */
const toAttributes = (events: readonly CampaignEvent[]): Item => ({
  ...Object.fromEntries(events.map((event) => [eventAttribute(event), event])),
  ...(events.length > 0 && { latestEventAt: events.at(-1)?.at }),
});

function readOr(name: string, item: Item, unreadable: Parameters<Campaigns["all"]>[0]): Campaign | undefined {
  try {
    return fromItem(name, item);
  } catch (error) {
    if (unreadable === undefined || !(error instanceof UnreadableItem)) throw error;
    unreadable(name, error);
    return undefined;
  }
}

function toItem(campaign: Partial<CommittedCampaign> | Campaign): Item {
  const { tally, events: _events, ...rest } = { tally: undefined, ...campaign };
  const flat = Object.entries(tally ?? {}).map(([name, value]) => [tallyPrefix + name, value]);
  return JSON.parse(JSON.stringify({ ...rest, ...Object.fromEntries(flat) }));
}
