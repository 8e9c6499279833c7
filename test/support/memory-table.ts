import type { Change, Item, Key, Table } from "../../shared/ports/table.ts";

/** What befalls a call of the table. */
export type TableFault =
  /** It never arrives. */
  | "unreachable"
  /** An update is applied, its answer is lost, and the repetition finds its own condition broken. */
  | "repeated"
  /** An update is applied, but nobody learns of it. */
  | "answer-lost";

/** One call as it reaches the table. */
export interface TableCall {
  readonly method: "get" | "update" | "query" | "delete";
  readonly key: Key;
  readonly change: Change | undefined;
}

/** A ledger in memory, which counts its calls and can be made to fail. */
export interface MemoryTable extends Table {
  readonly calls: TableCall[];
  /** Asked before every call what befalls it. */
  fault: (call: TableCall) => TableFault | undefined;
  /** What is stored, for looking at. */
  item(key: Key): Item | undefined;
  /** Stores an item as it is, past all conditions. */
  store(key: Key, item: Item): void;
}

/** An empty table. */
export function createMemoryTable(): MemoryTable {
  const items = new Map<string, { readonly key: Key; readonly item: Item }>();
  const idOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
  const copy = (item: Item): Item => JSON.parse(JSON.stringify(item));
  const stored = (key: Key) => items.get(idOf(key))?.item;

  /** Notes the call; throws when it never arrives. */
  const begin = async (method: TableCall["method"], key: Key, change?: Change) => {
    const call = { method, key, change };
    table.calls.push(call);
    const fault = table.fault(call);
    await Promise.resolve();
    if (fault === "unreachable") throw new Error("The table cannot be reached.");
    return fault;
  };

  const apply = (key: Key, { when, set = {}, remove = [], add = {} }: Change): Item | undefined => {
    const before = stored(key) ?? {};
    for (const [name, expected] of Object.entries(when)) {
      const alternatives = Array.isArray(expected) ? expected : [expected];
      if (!alternatives.includes(before[name])) return undefined;
    }
    for (const [name, value] of Object.entries({ ...set, ...add })) {
      if (value !== undefined && remove.includes(name))
        throw new Error(`The attribute ${name} is set and removed at once.`);
    }
    const after: Record<string, Item[string]> = { ...before };
    for (const name of remove) delete after[name];
    for (const [name, value] of Object.entries(set)) after[name] = value;
    for (const [name, value] of Object.entries(add)) after[name] = Number(after[name] ?? 0) + value;
    const item = copy(after);
    items.set(idOf(key), { key, item });
    return item;
  };

  const table: MemoryTable = {
    calls: [],
    fault: () => undefined,
    item: stored,
    store: (key, item) => items.set(idOf(key), { key, item: copy(item) }),
    get: async (key) => {
      await begin("get", key);
      const item = stored(key);
      return item === undefined ? undefined : copy(item);
    },
    update: async (key, change) => {
      const fault = await begin("update", key, change);
      const after = apply(key, change);
      if (fault === "answer-lost") throw new Error("The table's answer was lost.");
      return fault === "repeated" || after === undefined ? undefined : copy(after);
    },
    query: async function* (pk, { from, to }) {
      await begin("query", { pk, sk: from ?? "" });
      const found = [...items.values()]
        .filter(
          ({ key }) => key.pk === pk && (from === undefined || key.sk >= from) && (to === undefined || key.sk <= to),
        )
        .sort((a, b) => (a.key.sk < b.key.sk ? -1 : 1));
      for (const { key, item } of found) yield { sk: key.sk, item: copy(item) };
    },
    delete: async (key) => {
      await begin("delete", key);
      items.delete(idOf(key));
    },
  };
  return table;
}

/** The fault `what` for the first `times` calls that `which` picks. */
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
