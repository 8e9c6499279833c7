import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Clock } from "../ports/clock.ts";
import type { Key, Table } from "../ports/table.ts";

/** What is remembered from one search for missed uploads to the next. */
export interface UploadSearches {
  /** All that was uploaded before this instant (epoch milliseconds) has been judged; 0: nothing is known. */
  judgedBefore(): Promise<number>;
  /** Remembers that instant. */
  remember(judgedBefore: number): Promise<void>;
  /**
   * Whether this version of an object is to be announced now. One that was announced is announced again after a quarter of
   * an hour, then after half an hour, and so on up to every six hours: messages get lost, but an upload that takes long,
   * or that nobody can judge, must not fill the queue.
   */
  isDue(key: string, version: string): Promise<boolean>;
  /** Notes that it was announced. */
  announced(key: string, version: string): Promise<void>;
  /** Has the next search announce all again that was announced and still is not judged: the queue lost every message. */
  forgetAnnouncements(): Promise<void>;
}

/** No campaign's name begins with a slash. */
const searchKey: Key = { pk: "/look", sk: "uploads" };
const announcements = "/announced";
const announcedKey = (key: string): Key => ({ pk: announcements, sk: key });

const Search = z.object({ judgedBefore: z.number() });
const Announced = z.object({ version: z.string(), times: z.int().positive(), at: z.number() });
type Announced = z.infer<typeof Announced>;

const againMs = { first: 15 * 60_000, longest: 6 * 3600_000 } as const;

/** Searches begin at about the same time of each quarter of an hour. */
const earlyMs = 60_000;

/** An upload's announcements are forgotten after this long, as its messages are. */
const keptMs = 30 * 24 * 3600_000;

/** The memory of searches, on a table. Throws what the table throws. */
export function createUploadSearches({
  table,
  clock,
}: {
  readonly table: Table;
  readonly clock: Pick<Clock, "now">;
}): UploadSearches {
  const read = async (key: string): Promise<Announced | undefined> => {
    const item = await table.get(announcedKey(key), { consistent: true });
    return item === undefined ? undefined : readItem(Announced, item, `What is known of announcing ${key}`);
  };

  return {
    judgedBefore: async () => {
      const item = await table.get(searchKey, { consistent: true });
      return item === undefined ? 0 : readItem(Search, item, "The last search for uploads").judgedBefore;
    },

    remember: async (judgedBefore) => {
      await table.update(searchKey, { when: {}, set: { v: itemVersion, judgedBefore } });
    },

    isDue: async (key, version) => {
      const before = await read(key);
      if (before?.version !== version) return true;
      const wait = Math.min(againMs.first * 2 ** (before.times - 1), againMs.longest);
      return clock.now() - before.at >= wait - earlyMs;
    },

    announced: async (key, version) => {
      const before = await read(key);
      const at = clock.now();
      const times = before?.version === version ? before.times + 1 : 1;
      const expiresAt = Math.ceil((at + keptMs) / 1000);
      await table.update(announcedKey(key), { when: {}, set: { v: itemVersion, version, times, at, expiresAt } });
    },

    forgetAnnouncements: async () => {
      for await (const { sk, item } of table.query(announcements, { consistent: true })) {
        if (item["at"] !== 0) await table.update(announcedKey(sk), { when: {}, set: { at: 0 } });
      }
    },
  };
}
