import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Key, Table } from "../ports/table.ts";

/** Something that a person did which neither a campaign's history nor the account's has. */
export const NotedDeed = z.object({
  what: z.enum(["checked", "suppressed numbers", "lifted suppressions"]),
  /** Of a check: the name that the campaign would have. */
  name: z.string().optional(),
  /** How many numbers; never which. */
  numbers: z.int().optional(),
  by: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
});
export type NotedDeed = z.infer<typeof NotedDeed>;

/** What people did besides, in one item: the latest of it. */
export interface Deeds {
  /** Notes a deed; one that repeats somebody's last is added to that. */
  note(deed: NotedDeed): Promise<void>;
  /** The latest, oldest first. */
  all(): Promise<readonly NotedDeed[]>;
}

/** An item of its own: older versions cannot read these in the account's history. No campaign's name has this partition. */
const key: Key = { pk: "account", sk: "deeds" };

const Noted = z.object({ turn: z.int().positive(), deeds: z.array(NotedDeed) });

/** Deeds that are kept: some 30 KB. */
const kept = 200;

/** How soon after each other two deeds are one: an opt-out desk suppresses numbers one by one all day. */
const togetherMs = 30 * 60_000;

/** How often a deed is noted because somebody else noted one at the same moment. */
const tries = 10;

/** The deeds on a table. Throws what the table throws, and an `Error` where others note so much that this one finds no gap. */
export function createDeeds(table: Pick<Table, "get" | "update">): Deeds {
  const read = async () => {
    const item = await table.get(key, { consistent: true });
    return item === undefined ? undefined : readItem(Noted, item, "What people did");
  };
  return {
    note: async (deed) => {
      for (let attempt = 0; attempt < tries; attempt++) {
        const seen = await read();
        const deeds = withDeed(seen?.deeds ?? [], deed).map((each) => ({ ...each }));
        const set = { v: itemVersion, turn: (seen?.turn ?? 0) + 1, deeds };
        if ((await table.update(key, { when: { turn: seen?.turn }, set })) !== undefined) return;
      }
      throw new Error("Others note so much at this moment that this could not be noted; try again.");
    },
    all: async () => (await read())?.deeds ?? [],
  };
}

/** The deeds with one more, or with the last one made to stand for both. */
function withDeed(deeds: readonly NotedDeed[], deed: NotedDeed): readonly NotedDeed[] {
  const last = deeds.at(-1);
  const repeats =
    last !== undefined &&
    last.what === deed.what &&
    last.by === deed.by &&
    last.name === deed.name &&
    deed.at - last.at <= togetherMs;
  if (!repeats) return [...deeds, deed].slice(-kept);
  const numbers = deed.numbers === undefined ? last.numbers : (last.numbers ?? 0) + deed.numbers;
  return [...deeds.slice(0, -1), { ...deed, numbers }];
}
