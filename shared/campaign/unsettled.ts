import { UnreadableItem } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";
import type { Campaign } from "./campaign.ts";

/** Which campaigns a look has something to do with. */
export interface UnsettledCampaigns {
  /**
   * Those that were noted as unsettled, which is all that a look has to do with: every campaign is, from before its item is
   * written until `settle`. A name that was noted and has no campaign has none yet.
   */
  unsettled(unreadable?: (name: string, problem: UnreadableItem) => void): AsyncIterable<Unsettled>;
  /** Notes campaigns as unsettled that are not, as those of older versions. */
  noteUnsettled(name: string, mark: string): Promise<void>;
  /** Takes a name off the unsettled ones, unless it was noted with another mark meanwhile. */
  settle(name: string, mark: string): Promise<void>;
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
  const sum = new TextEncoder().encode(name).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 0);
  return { pk: unsettledPartition, sk: String(sum % unsettledItems).padStart(2, "0") };
};

/** Unsettled campaigns on a table; `read` reads a campaign as it is now. Throws what the table throws. */
export function createUnsettled(
  table: Table,
  read: (name: string, read: { readonly consistent: boolean }) => Promise<Campaign | undefined>,
): UnsettledCampaigns {
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
  };
}
