import * as z from "zod";
import { type Account, AccountDeed } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import { withEntries } from "../account/history.ts";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Item, Key, Table } from "../ports/table.ts";
import { type CommittedCampaign, HistoryEntry, IgnoredUpload } from "./campaign.ts";
import type { Campaigns } from "./campaigns.ts";
import { remembering } from "./judged-uploads.ts";

/**
 * What people did some hours ago, in items of their own: the account's item is written with every reservation and a
 * campaign's with every tally, and DynamoDB charges for every kilobyte of an item at every write.
 */
export interface OlderHistory {
  /** The campaign with its whole history and all uploads that were ignored, for a summary. */
  whole(campaign: CommittedCampaign): Promise<CommittedCampaign>;
  /** What people did to the whole account, as far back as it is kept, oldest first. */
  wholeOfAccount(account: Pick<Account, "history">): Promise<readonly AccountDeed[]>;
  /** Moves what is older than two hours out of the campaign's item, once it is worth a write. Returns the campaign as it then is. */
  moveOf(campaign: CommittedCampaign, now: number): Promise<CommittedCampaign>;
  /** Moves what is older than an hour out of the account's item. */
  moveOfAccount(account: Account, now: number): Promise<void>;
}

/** Fewer entries than this of a campaign cost less where they are. */
const worthMoving = 6;

/**
 * How long entries stay where they were written. The account's are copied to the campaigns under way at the next look;
 * a campaign's stay longer, because by them it is known what was copied.
 */
const stayMs = { account: 3600_000, campaign: 2 * 3600_000 } as const;

/** No campaign's name begins with a slash. */
const keyOf = ({ name }: Pick<CommittedCampaign, "name">): Key => ({ pk: "/history", sk: name });
const accountKey: Key = { pk: "account", sk: "history" };

const OfCampaign = z.object({
  turn: z.int().positive(),
  run: z.string(),
  history: z.array(HistoryEntry),
  ignored: z.array(IgnoredUpload),
});
const OfAccount = z.object({ turn: z.int().positive(), history: z.array(AccountDeed) });

/** Older history on a table. Throws what the table throws. */
export function createOlderHistory(deps: {
  readonly table: Table;
  readonly campaigns: Pick<Campaigns, "change">;
  readonly account: Pick<AccountStore, "change">;
}): OlderHistory {
  const { table, campaigns, account: store } = deps;

  /** Writes an item if it is still as it was seen; whether it was. */
  const write = async (key: Key, turn: number | undefined, set: Item): Promise<boolean> =>
    (await table.update(key, { when: { turn }, set: { ...set, v: itemVersion, turn: (turn ?? 0) + 1 } })) !== undefined;

  return {
    whole: async (campaign) => {
      if (campaign.hasOlder !== true) return campaign;
      const { history, ignored } = await readOf(table, campaign);
      // An entry that was copied, but not taken out any more, stands in both.
      return {
        ...campaign,
        history: [...without(history, campaign.history), ...campaign.history],
        ignored: [...without(ignored, campaign.ignored), ...campaign.ignored],
      };
    },

    wholeOfAccount: async ({ history }) => {
      const older = (await readOfAccount(table))?.history ?? [];
      return [...without(older, history), ...history];
    },

    moveOf: async (campaign, now) => {
      const before = now - stayMs.campaign;
      const moved = campaign.history.filter(({ at }) => at < before);
      const ignored = campaign.judgedAt < before ? campaign.ignored : [];
      if (moved.length + ignored.length < worthMoving) return campaign;
      const { turn, ...older } = await readOf(table, campaign);
      const all = {
        run: campaign.run,
        history: withEntries(without(older.history, moved), ...moved).map(plain),
        ignored: ignored.reduce(remembering<IgnoredUpload>, without(older.ignored, ignored)).map(plain),
      };
      if (!(await write(keyOf(campaign), turn, all))) return campaign;
      const { state, pass, judgedAt } = campaign;
      const rest = { history: without(campaign.history, moved), ignored: without(campaign.ignored, ignored) };
      return (await campaigns.change(campaign, { state, pass, judgedAt }, { ...rest, hasOlder: true })) ?? campaign;
    },

    moveOfAccount: async (account, now) => {
      const moved = account.history.filter(({ at }) => at < now - stayMs.account);
      if (moved.length === 0) return;
      const older = await readOfAccount(table);
      const history = withEntries(without(older?.history ?? [], moved), ...moved).map(plain);
      if (!(await write(accountKey, older?.turn, { history }))) return;
      await store.change((state) => ({
        account: { ...state, history: without(state.history, moved) },
        result: undefined,
      }));
    },
  };
}

async function readOf(table: Pick<Table, "get">, { name, run }: Pick<CommittedCampaign, "name" | "run">) {
  const item = await table.get(keyOf({ name }), { consistent: true });
  const older = item === undefined ? undefined : readItem(OfCampaign, item, `The older history of ${name}`);
  return { turn: older?.turn, ...(older?.run === run ? older : { history: [], ignored: [] }) };
}

async function readOfAccount(table: Pick<Table, "get">) {
  const item = await table.get(accountKey, { consistent: true });
  return item === undefined ? undefined : readItem(OfAccount, item, "The account's older history");
}

/** The entries that are not among `others`. */
function without<Entry>(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const known = new Set(others.map((entry) => JSON.stringify(entry)));
  return entries.filter((entry) => !known.has(JSON.stringify(entry)));
}

const plain = <Entry extends object>(entry: Entry): Entry => ({ ...entry });
