import { itemVersion, readItem, UnreadableItem } from "../ledger/read-item.ts";
import type { Change, Item, Table } from "../ports/table.ts";
import { Campaign, type CommittedCampaign, type Tally } from "./campaign.ts";

/** The campaign items of the ledger. */
export interface Campaigns {
  read(name: string, read: { readonly consistent: boolean }): Promise<Campaign | undefined>;
  /**
   * All of them, finished ones too, in the order of their names. Those that this version cannot read are left out and
   * passed to `unreadable`; without it the first of them is thrown.
   */
  all(unreadable?: (name: string, problem: UnreadableItem) => void): AsyncIterable<Campaign>;
  /**
   * Those that were noted as unsettled, which is all that a look has to do with: every campaign is, from before its item is
   * written until `settle`. A name that was noted and has no campaign has none yet.
   */
  unsettled(unreadable?: (name: string, problem: UnreadableItem) => void): AsyncIterable<Unsettled>;
  /** Notes campaigns as unsettled that are not, as those of older versions. */
  noteUnsettled(name: string, mark: string): Promise<void>;
  /** Takes a name off the unsettled ones, unless it was noted with another mark meanwhile. */
  settle(name: string, mark: string): Promise<void>;
  /** Writes the whole item if the name is free, or refused as the caller saw it. `undefined`: somebody else was faster. */
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

/** A name that a look has something to do with. */
export interface Unsettled {
  readonly name: string;
  /** What it was noted with: that of its campaign, or of one that came to nothing or is just being written. */
  readonly mark: string;
  readonly campaign: Campaign | undefined;
}

/** What a campaign is noted with as unsettled: another campaign or refusal under the same name has another mark. */
export const markOf = (campaign: Campaign): string =>
  `${campaign.createdAt} ${campaign.state === "refused" ? "refused" : campaign.run}`;

/** When the campaign of a mark was about to be written, epoch milliseconds. */
export const markedAt = (mark: string): number => Number(mark.split(" ")[0]);

const partition = "campaigns";

/**
 * Names are noted in a few items, one attribute for each, because only attributes can be taken away again by an update.
 * Several items, so that none grows towards DynamoDB's 400 KB; no campaign's name begins with a slash.
 */
const unsettledPartition = "/unsettled";
const unsettledItems = 16;
const namePrefix = "name:";

/** Campaigns read side by side. */
const readAtOnce = 20;

const unsettledKey = (name: string) => {
  const sum = Buffer.from(name).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 0);
  return { pk: unsettledPartition, sk: String(sum % unsettledItems).padStart(2, "0") };
};

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
    const item = await table.get({ pk: partition, sk: name }, read);
    return item === undefined ? undefined : fromItem(name, item);
  };
  const readOrProblem = async (name: string): Promise<{ campaign?: Campaign; problem?: UnreadableItem }> => {
    try {
      return { campaign: await read(name, { consistent: true }) };
    } catch (error) {
      if (error instanceof UnreadableItem) return { problem: error };
      throw error;
    }
  };
  const noteUnsettled = async (name: string, mark: string): Promise<void> => {
    await table.update(unsettledKey(name), { when: {}, set: { [namePrefix + name]: mark } });
  };

  return {
    read,
    noteUnsettled,

    settle: async (name, mark) => {
      const attribute = namePrefix + name;
      await table.update(unsettledKey(name), { when: { [attribute]: mark }, remove: [attribute] });
    },

    unsettled: async function* (unreadable) {
      const noted = new Map<string, string>();
      for await (const { item } of table.query(unsettledPartition, { consistent: true })) {
        for (const [attribute, mark] of Object.entries(item)) {
          if (attribute.startsWith(namePrefix)) noted.set(attribute.slice(namePrefix.length), String(mark));
        }
      }
      const names = [...noted.keys()].sort();
      for (let at = 0; at < names.length; at += readAtOnce) {
        const reads = names.slice(at, at + readAtOnce).map(async (name) => ({ name, ...(await readOrProblem(name)) }));
        for (const { name, campaign, problem } of await Promise.all(reads)) {
          if (problem === undefined) yield { name, mark: noted.get(name) ?? "", campaign };
          else if (unreadable === undefined) throw problem;
          else unreadable(name, problem);
        }
      }
    },

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
      const set: Item = { ...toItem(campaign), v: itemVersion };
      // A refusal's own attributes make room for a campaign's.
      const remove = seen === undefined ? [] : ["reason"].filter((name) => set[name] === undefined);
      const item = await table.update({ pk: partition, sk: campaign.name }, { when, set, remove });
      return item === undefined ? undefined : fromItem(campaign.name, item);
    },

    change: (campaign, when, set) => {
      const item = toItem(set);
      const remove = Object.keys(set).filter((name) => item[name] === undefined && name !== "tally");
      return change(campaign.name, { when: { run: campaign.run, ...when }, set: item, remove });
    },

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
  const tally = Object.entries(item).filter(([name]) => name.startsWith(tallyPrefix));
  return readItem(
    Campaign,
    { ...item, tally: Object.fromEntries(tally.map(([key, value]) => [key.slice(tallyPrefix.length), value])) },
    `The campaign ${name}`,
  );
}

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
  const { tally, ...rest } = { tally: undefined, ...campaign };
  const flat = Object.entries(tally ?? {}).map(([name, value]) => [tallyPrefix + name, value]);
  return JSON.parse(JSON.stringify({ ...rest, ...Object.fromEntries(flat) }));
}
