import type { Change, Item, Key, Table } from "../../shared/ports/table.ts";
import { applyChange, byUtf8, isWithin } from "../support/apply-change.ts";
import type { Random } from "./random.ts";
import { Failing, type ServiceCall } from "./service-calls.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A change that the table applied. */
export interface Applied {
  readonly key: Key;
  readonly change: Change;
  readonly before: Item | undefined;
  readonly after: Item;
  readonly by: string;
  readonly at: number;
}

/** The simulated DynamoDB table. */
export interface SimTable {
  /** The table as one machine reaches it. */
  through(call: ServiceCall, by: string): Table;
  /** An item as it is now, without a call. */
  peek(key: Key): Item | undefined;
  all(pk: string): readonly { sk: string; item: Item }[];
}

/** Items on a page of a query: few, so that a query takes several pages. */
const pageItems = 4;

/** How old the answer of a read without `consistent` may be, ms. */
const staleMs = 1_000;

/** How often a change that found no room is there all the same: it was written, and what came after it was not. */
const writtenWithoutRoom = 0.1;

/** An empty table. `observe` is told of every change at the instant it is applied. */
export function createSimTable(deps: {
  time: VirtualTime;
  random: Random;
  /** Whether there is no room for changes now; absent: there always is. */
  isFull?: () => boolean;
  observe: (applied: Applied) => void;
}): SimTable {
  const { time, random, isFull = () => false, observe } = deps;
  const partitions = new Map<string, Map<string, Item>>();
  const older = new Map<string, { item: Item | undefined; until: number }>();

  const idOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;
  const peek = ({ pk, sk }: Key): Item | undefined => {
    const item = partitions.get(pk)?.get(sk);
    const expires = item?.["expiresAt"];
    // Batch items have a time to live in seconds; that of campaigns is in milliseconds and never expires them.
    if (pk !== "campaigns" && typeof expires === "number" && expires * 1000 < time.now()) return undefined;
    return item;
  };

  const put = (key: Key, item: Item) => {
    older.set(idOf(key), { item: peek(key), until: time.now() + staleMs });
    const partition = partitions.get(key.pk) ?? new Map<string, Item>();
    partitions.set(key.pk, partition);
    partition.set(key.sk, item);
  };

  const read = (key: Key, consistent: boolean): Item | undefined => {
    const old = older.get(idOf(key));
    if (!consistent && old !== undefined && old.until > time.now() && random.chance(0.5)) return old.item;
    return peek(key);
  };

  const update = (key: Key, change: Change, by: string): Item | undefined => {
    if (!isFull()) return apply(key, change, by);
    if (random.chance(writtenWithoutRoom)) apply(key, change, by);
    throw new Failing("There is no room.");
  };

  const apply = (key: Key, change: Change, by: string): Item | undefined => {
    const before = peek(key);
    const after = applyChange(key, before, change);
    if (after === undefined) return undefined;
    put(key, after);
    observe({ key, change, before, after, by, at: time.now() });
    return after;
  };

  const page = (pk: string, from: string | undefined, to: string | undefined) =>
    [...(partitions.get(pk) ?? new Map<string, Item>()).keys()]
      .filter((sk) => isWithin(sk, from, to))
      .sort(byUtf8)
      .flatMap((sk) => {
        const item = peek({ pk, sk });
        return item === undefined ? [] : [{ sk, item }];
      });

  return {
    peek,
    all: (pk) => page(pk, undefined, undefined),
    through: (call, by) => ({
      get: (key, { consistent }) => call(`get ${key.pk}/${key.sk}`, () => read(key, consistent)),
      update: (key, change) => call(`update ${key.pk}/${key.sk}`, () => update(key, change, by)),
      query: async function* (pk, { from, to }) {
        let start = from;
        for (;;) {
          const items = await call(`query ${pk}`, () => page(pk, start, to).slice(0, pageItems));
          yield* items;
          const last = items.at(-1);
          if (last === undefined || items.length < pageItems) return;
          start = `${last.sk}\u0000`;
        }
      },
    }),
  };
}
