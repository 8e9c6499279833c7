import type { Change, Item, Key, Table } from "../../shared/ports/table.ts";
import type { Random } from "./random.ts";
import type { ServiceCall } from "./service-calls.ts";
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
  /** Looks without being there. */
  peek(key: Key): Item | undefined;
  all(pk: string): readonly { sk: string; item: Item }[];
}

/** Items on a page of a query: so few that a query takes several. */
const pageItems = 4;

/** How old a read may be that does not ask for consistency, ms. */
const staleMs = 1_000;

/** An empty table. `observe` is told of every change at the instant it is applied. */
export function createSimTable(deps: {
  time: VirtualTime;
  random: Random;
  observe: (applied: Applied) => void;
}): SimTable {
  const { time, random, observe } = deps;
  const partitions = new Map<string, Map<string, Item>>();
  const older = new Map<string, { item: Item | undefined; until: number }>();

  const idOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;
  const peek = ({ pk, sk }: Key): Item | undefined => {
    const item = partitions.get(pk)?.get(sk);
    const expires = item?.["expiresAt"];
    // Batch items have a time to live in seconds; campaigns say theirs in milliseconds and live for ever.
    if (pk !== "campaigns" && typeof expires === "number" && expires * 1000 < time.now()) return undefined;
    return item;
  };

  const put = (key: Key, item: Item | undefined) => {
    older.set(idOf(key), { item: peek(key), until: time.now() + staleMs });
    const partition = partitions.get(key.pk) ?? new Map<string, Item>();
    partitions.set(key.pk, partition);
    if (item === undefined) partition.delete(key.sk);
    else partition.set(key.sk, item);
  };

  const read = (key: Key, consistent: boolean): Item | undefined => {
    const old = older.get(idOf(key));
    if (!consistent && old !== undefined && old.until > time.now() && random.chance(0.5)) return old.item;
    return peek(key);
  };

  const update = (key: Key, change: Change, by: string): Item | undefined => {
    const before = peek(key);
    for (const [name, expected] of Object.entries(change.when)) {
      const alternatives = Array.isArray(expected) ? expected : [expected];
      if (!alternatives.includes(before?.[name])) return undefined;
    }
    const after: Record<string, Item[string]> = { ...before };
    for (const [name, value] of Object.entries(change.set ?? {})) {
      if (value === undefined) delete after[name];
      else after[name] = typeof value === "object" ? JSON.parse(JSON.stringify(value)) : value;
    }
    for (const name of change.remove ?? []) delete after[name];
    for (const [name, value] of Object.entries(change.add ?? {})) after[name] = Number(after[name] ?? 0) + value;
    put(key, after);
    observe({ key, change, before, after, by, at: time.now() });
    return after;
  };

  const page = (pk: string, from: string | undefined, to: string | undefined) =>
    [...(partitions.get(pk) ?? new Map<string, Item>()).keys()]
      .filter((sk) => (from === undefined || sk >= from) && (to === undefined || sk <= to))
      .sort()
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
      delete: (key) => call(`delete ${key.pk}/${key.sk}`, () => put(key, undefined)),
    }),
  };
}
