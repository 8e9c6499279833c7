import type { Change, Item, Key, Table } from "../../shared/ports/table.ts";
import { applyChange, byUtf8, isWithin } from "./apply-change.ts";

/** What goes wrong with a call of the table. */
export type TableFault =
  /** The call never arrives. */
  | "unreachable"
  /** An update is applied, its answer is lost, and the retry finds its own condition broken. */
  | "repeated"
  /** An update is applied, but its answer never arrives. */
  | "answer-lost";

/** One call as it reaches the table. */
export interface TableCall {
  readonly method: "get" | "update" | "query";
  readonly key: Key;
  readonly change: Change | undefined;
}

/**
 * A ledger in memory that records its calls and can be made to fail. Who does not ask it to be consistent reads what was there
 * before the last change.
 */
export interface MemoryTable extends Table {
  readonly calls: TableCall[];
  /** Asked before every call what goes wrong with it. */
  fault: (call: TableCall) => TableFault | undefined;
  /** What is stored, without counting as a call. */
  item(key: Key): Item | undefined;
  /** Stores an item as it is, without conditions. */
  store(key: Key, item: Item): void;
}

/** An empty table. */
export function createMemoryTable(): MemoryTable {
  interface Stored {
    readonly key: Key;
    readonly item: Item;
    /** As it was before its last change. */
    readonly before: Item | undefined;
  }
  const items = new Map<string, Stored>();
  const idOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
  const copy = (item: Item): Item => JSON.parse(JSON.stringify(item));
  const stored = (key: Key) => items.get(idOf(key))?.item;
  const keep = (key: Key, item: Item) => items.set(idOf(key), { key, item, before: stored(key) });

  /** Records the call; throws when it never arrives. */
  const begin = async (method: TableCall["method"], key: Key, change?: Change) => {
    const call = { method, key, change };
    table.calls.push(call);
    const fault = table.fault(call);
    await Promise.resolve();
    if (fault === "unreachable") throw new Error("The table cannot be reached.");
    return fault;
  };

  const table: MemoryTable = {
    calls: [],
    fault: () => undefined,
    item: stored,
    store: (key, item) => keep(key, copy(item)),
    get: async (key, { consistent }) => {
      await begin("get", key);
      const item = consistent ? stored(key) : items.get(idOf(key))?.before;
      return item === undefined ? undefined : copy(item);
    },
    update: async (key, change) => {
      const fault = await begin("update", key, change);
      const after = applyChange(key, stored(key), change);
      if (after !== undefined) keep(key, after);
      if (fault === "answer-lost") throw new Error("The table's answer was lost.");
      return fault === "repeated" || after === undefined ? undefined : copy(after);
    },
    query: async function* (pk, { from, to, consistent }) {
      await begin("query", { pk, sk: from ?? "" });
      const found = [...items.values()]
        .flatMap(({ key, ...one }) => {
          const item = consistent ? one.item : one.before;
          return item === undefined ? [] : [{ key, item }];
        })
        .filter(({ key }) => key.pk === pk && isWithin(key.sk, from, to))
        .sort((a, b) => byUtf8(a.key.sk, b.key.sk));
      for (const { key, item } of found) yield { sk: key.sk, item: copy(item) };
    },
  };
  return table;
}

/** The fault `what` for the first `times` calls that `which` matches. */
export function faultFor(
  what: TableFault,
  which: (call: TableCall) => boolean,
  times = 1,
): (call: TableCall) => TableFault | undefined {
  let left = times;
  return (call) => {
    if (left === 0 || !which(call)) return undefined;
    left--;
    return what;
  };
}
