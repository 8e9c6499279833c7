import * as z from "zod";
import type { Campaign } from "../campaign/campaign.ts";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Item, Key, Table } from "../ports/table.ts";
import { jsonOf } from "../read-json.ts";
import {
  type ArchivedEntries,
  campaignsPerPage,
  IndexEntry,
  indexEntryOf,
  olderIndexPage,
} from "../report/page/index-page.ts";

/**
 * What the index says about settled campaigns, so that no look has to read their items: entries in the ledger, a page's
 * worth to an item, in the order in which they were settled. The latest two are part of the live index; a page older than
 * those is written once it is one, and never looked at again.
 */
export interface CampaignIndex {
  /** The latest entries. Reads one small item while nothing has changed. */
  latest(): Promise<ArchivedEntries>;
  /** Adds settled campaigns, or replaces what the latest pages say about them. Repeated, it changes nothing. */
  add(campaigns: readonly Campaign[]): Promise<void>;
  /** Begins again with these, from the oldest; what other versions left is written over. */
  rebuild(campaigns: readonly Campaign[]): Promise<void>;
  /** Writes the pages that have become old. */
  writeOlder(): Promise<void>;
}

/** No campaign's name begins with a slash. */
const partition = "/index";
const summaryKey: Key = { pk: partition, sk: "summary" };
const pageKey = (page: number): Key => ({ pk: partition, sk: `page#${String(page).padStart(9, "0")}` });

/** Pages of entries that are part of the live index. */
const livePages = 2;

const IndexSummary = z.object({
  /** Rises with every change of a page. */
  turn: z.int().positive(),
  pages: z.int().positive(),
  /** The turns of the latest two pages, added up: another sum means that somebody was cut off after changing one. */
  latestTurns: z.int().nonnegative(),
  /** Older pages whose HTML is in the bucket. */
  written: z.int().nonnegative(),
  /** When the first of them was last written, epoch milliseconds; absent from items of older versions. */
  renewedAt: z.number().optional(),
});
type IndexSummary = z.infer<typeof IndexSummary>;

const Page = z.object({ turn: z.int().positive(), entries: jsonOf(z.array(IndexEntry)) });
type Page = z.infer<typeof Page>;

/** How often a change is tried because another reporter made one at the same moment. */
const tries = 10;

/** The index's entries on a table. Throws what the table throws. */
export function createCampaignIndex(deps: {
  readonly table: Table;
  readonly bucket: Pick<Bucket, "put">;
  readonly clock: Pick<Clock, "now">;
  /** After so many days the pages of older campaigns would expire like reports; absent: never. */
  readonly keepDays?: number;
}): CampaignIndex {
  const { table, clock } = deps;
  let known: { readonly turn: number; readonly latest: ArchivedEntries } | undefined;

  const items = createIndexItems(table);
  const { readSummary, entriesOf, write } = items;

  const putOlder = async (page: number, newest: boolean) => {
    const { key, html } = olderIndexPage(await entriesOf(page), page, newest, clock.now(), deps.keepDays);
    await deps.bucket.put(key, html, "text/html; charset=utf-8");
  };

  return {
    latest: async () => {
      const summary = await readSummary();
      if (summary === undefined) return { entries: [], olderPages: 0 };
      if (known?.turn === summary.turn) return known.latest;
      const { pages, written } = summary;
      const entries = [...(await entriesOf(pages - 1)), ...(await entriesOf(pages))];
      const latest = { entries, olderPages: written };
      known = { turn: summary.turn, latest };
      return latest;
    },

    rebuild: (campaigns) => rebuild(table, campaigns),

    add: async (campaigns) => {
      let left: readonly IndexEntry[] = campaigns.map(indexEntryOf);
      for (let attempt = 0; left.length > 0; ) {
        const rest = await addSome(items, left);
        if (rest === undefined && ++attempt >= tries) throw new Error("The index of campaigns is changing too fast.");
        left = rest ?? left;
      }
    },

    writeOlder: async () => {
      let summary = await readSummary();
      while (summary !== undefined && summary.written < summary.pages - livePages) {
        const page = summary.written + 1;
        // The one before it leads on to this one from now on.
        for (const number of [page - 1, page]) {
          if (number < 1) continue;
          await putOlder(number, number === page);
        }
        const renewedAt = summary.renewedAt ?? clock.now();
        if (!(await write(summaryKey, summary, { ...summary, written: page, renewedAt }))) return;
        summary = await readSummary();
      }
      if (summary === undefined || summary.written === 0 || !isDue(summary, deps.keepDays, clock.now())) return;
      for (let page = 1; page <= summary.written; page++) await putOlder(page, page === summary.written);
      await write(summaryKey, summary, { ...summary, renewedAt: clock.now() });
    },
  };
}

/** Whether the older pages are to be written again: well before they expire, and so that they say what has. */
const isDue = ({ renewedAt = 0 }: IndexSummary, keepDays: number | undefined, now: number): boolean =>
  keepDays !== undefined && now - renewedAt > (Math.min(keepDays, renewDays) / 2) * dayMs;

/** The older pages are written again at least this often, in days; twice as often, to be exact. */
const renewDays = 30;
const dayMs = 24 * 3600_000;

/** The items of the index, each guarded by its turn. */
function createIndexItems(table: Table) {
  const readSummary = async (): Promise<IndexSummary | undefined> => {
    const item = await table.get(summaryKey, { consistent: true });
    return item === undefined ? undefined : readItem(IndexSummary, item, "The index of campaigns");
  };
  const readPage = async (page: number): Promise<Page | undefined> => {
    const item = await table.get(pageKey(page), { consistent: true });
    return item === undefined ? undefined : readItem(Page, item, `Page ${page} of the index of campaigns`);
  };
  const entriesOf = async (page: number) => (page < 1 ? [] : ((await readPage(page))?.entries ?? []));
  /** Writes an item if it is as it was seen; whether it was. */
  const write = async (key: Key, seen: { readonly turn: number } | undefined, set: Item): Promise<boolean> => {
    const turn = (seen?.turn ?? 0) + 1;
    return (
      (await table.update(key, { when: { turn: seen?.turn }, set: { ...set, v: itemVersion, turn } })) !== undefined
    );
  };
  return { readSummary, readPage, entriesOf, write };
}

/** Adds what fits to the last page, or begins the next one. What is left of `entries`; `undefined`: try again. */
async function addSome(
  { readSummary, readPage, write }: ReturnType<typeof createIndexItems>,
  entries: readonly IndexEntry[],
): Promise<readonly IndexEntry[] | undefined> {
  const summary = await readSummary();
  const pages = summary?.pages ?? 1;
  const added = new Map(entries.map((entry) => [entry.name, entry]));
  let left = entries;
  let latestTurns = 0;
  for (const page of [pages - 1, pages]) {
    const stored = page < 1 ? undefined : await readPage(page);
    const before = stored?.entries ?? [];
    const replaced = before.map((entry) => added.get(entry.name) ?? entry);
    const names = new Set(before.map(({ name }) => name));
    left = left.filter(({ name }) => !names.has(name));
    const room = page === pages ? campaignsPerPage - before.length : 0;
    const after = [...replaced, ...left.slice(0, room)];
    left = left.slice(room);
    latestTurns += stored?.turn ?? 0;
    if (JSON.stringify(after) === JSON.stringify(before)) continue;
    if (!(await write(pageKey(page), stored, { entries: JSON.stringify(after) }))) return undefined;
    latestTurns++;
  }
  const next = left.length > 0 ? pages + 1 : pages;
  if (summary?.latestTurns === latestTurns && next === pages) return left;
  const set = { pages: next, latestTurns, written: summary?.written ?? 0, ...renewalOf(summary) };
  return (await write(summaryKey, summary, set)) ? left : undefined;
}

const renewalOf = (summary: IndexSummary | undefined) =>
  summary?.renewedAt === undefined ? {} : { renewedAt: summary.renewedAt };

/** Writes all pages, each over what is there. */
async function rebuild(table: Table, campaigns: readonly Campaign[]): Promise<void> {
  const entries = campaigns.map(indexEntryOf).sort((a, b) => a.createdAt - b.createdAt);
  const pages = Math.max(1, Math.ceil(entries.length / campaignsPerPage));
  for (let page = 1; page <= pages; page++) {
    const own = entries.slice((page - 1) * campaignsPerPage, page * campaignsPerPage);
    const set = { v: itemVersion, entries: JSON.stringify(own) };
    await table.update(pageKey(page), { when: {}, set, add: { turn: 1 } });
  }
  const set = { v: itemVersion, pages, latestTurns: 0, written: 0 };
  await table.update(summaryKey, { when: {}, set, add: { turn: 1 } });
}
