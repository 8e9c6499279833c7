import { describe, expect, test } from "vitest";
import type { Change, Item, Key, Table } from "../../../shared/ports/table.ts";
import { asItIs, type Within } from "./within.ts";

/** A table to be tested, which may hold items of other partitions. */
export interface OpenTable {
  readonly table: Table;
  /** Runs work in the table's own time; absent: in real time. */
  readonly within?: Within;
}

let partitions = 0;

/** What every `Table` must do, as `shared/ports/table.ts` says it. `open` is called once for each test. */
export function tableContract(name: string, open: () => OpenTable | Promise<OpenTable>): void {
  const check = (does: string, body: (ledger: Ledger) => Promise<void>) =>
    test(does, async () => {
      const { table, within = asItIs } = await open();
      await within(() => body(ledgerOf(table)));
    });
  describe(`${name} as a table`, () => {
    describe("values", () => valuesContract(check));
    describe("a change", () => changeContract(check));
    describe("a condition", () => conditionContract(check));
    describe("a query", () => queryContract(check));
  });
}

type Check = (does: string, body: (ledger: Ledger) => Promise<void>) => void;
type Ledger = ReturnType<typeof ledgerOf>;

/** A partition of its own in a table. */
function ledgerOf(table: Table) {
  const pk = `partition-${++partitions}`;
  const key = (sk = "item"): Key => ({ pk, sk });
  return {
    table,
    pk,
    key,
    update: (change: Change, sk?: string) => table.update(key(sk), change),
    set: (item: Item, sk?: string) => table.update(key(sk), { when: {}, set: item }),
    stored: (sk?: string) => table.get(key(sk), { consistent: true }),
    keys: async (range: { readonly from?: string; readonly to?: string }) =>
      (await Array.fromAsync(table.query(pk, { ...range, consistent: true }))).map(({ sk }) => sk),
  };
}

function valuesContract(check: Check): void {
  check("come back as they were stored, without the keys", async ({ table, key, set, stored }) => {
    const item: Item = {
      text: "Grüße 👋",
      empty: "",
      count: 17,
      fraction: -0.25,
      instant: 1_790_000_000_123,
      large: 1e21,
      tiny: 1e-130,
      yes: true,
      no: false,
      nothing: null,
      list: ["a", "", 1, [null, { deep: true }]],
      emptyList: [],
      map: { name: "x", inner: { n: 1 }, "": { empty: "" } },
      emptyMap: {},
    };
    expect(await stored()).toBeUndefined();
    expect(await set(item)).toStrictEqual(item);
    expect(await stored()).toStrictEqual(item);
    const recent = await table.get(key(), { consistent: false });
    expect([undefined, item]).toContainEqual(recent);
  });

  check("that are undefined are absent, at the top and inside maps", async ({ set, stored }) => {
    await set({ a: 1, map: { b: 1 } });
    const after = await set({ a: undefined, map: { b: undefined, c: 2 } });
    expect(after).toStrictEqual({ map: { c: 2 } });
    expect(await stored()).toStrictEqual({ map: { c: 2 } });
  });

  check("forget the sign of zero", async ({ set, stored }) => {
    await set({ zero: -0, inside: [-0] });
    expect(await stored()).toStrictEqual({ zero: 0, inside: [0] });
  });

  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e126, -1e126, 1e-131]) {
    check(`that are the number ${number} are refused, wherever they stand`, async ({ update, stored, set }) => {
      await set({ count: 1 });
      await expect(set({ a: number })).rejects.toThrow();
      await expect(set({ a: [{ b: number }] })).rejects.toThrow();
      await expect(update({ when: {}, add: { count: number } })).rejects.toThrow();
      await expect(update({ when: { count: [1, number] } })).rejects.toThrow();
      expect(await stored()).toStrictEqual({ count: 1 });
    });
  }

  check("stay as they were stored when the caller changes what it passed", async ({ set, stored }) => {
    const list = [1];
    await set({ list });
    list.push(2);
    expect(await stored()).toStrictEqual({ list: [1] });
  });

  check("of more than 400 KB in one item are refused", async ({ set, stored }) => {
    await set({ text: "x".repeat(300_000) });
    await expect(set({ more: "x".repeat(120_000) })).rejects.toThrow();
    expect(Object.keys((await stored()) ?? {})).toEqual(["text"]);
  });

  check("keep apart what has other keys", async ({ table, pk, set, stored }) => {
    await set({ a: 1 }, "x");
    await table.update({ pk: `${pk}x`, sk: "x" }, { when: {}, set: { a: 2 } });
    expect(await stored("x")).toStrictEqual({ a: 1 });
    expect(await stored("xx")).toBeUndefined();
  });

  check("need a key that is not empty", async ({ table, pk }) => {
    await expect(table.update({ pk, sk: "" }, { when: {} })).rejects.toThrow();
    await expect(table.update({ pk: "", sk: "item" }, { when: {} })).rejects.toThrow();
  });
}

function changeContract(check: Check): void {
  check("sets, removes and adds in one step, and returns the whole item", async ({ set, update }) => {
    await set({ kept: "k", gone: 1, count: 5 });
    const change = { when: {}, set: { status: "done" }, remove: ["gone", "never"], add: { count: -2, fresh: 3 } };
    expect(await update(change)).toStrictEqual({ kept: "k", count: 3, fresh: 3, status: "done" });
  });

  check("of nothing creates the item", async ({ stored, update }) => {
    expect(await stored()).toBeUndefined();
    expect(await update({ when: {} })).toStrictEqual({});
    expect(await stored()).toStrictEqual({});
  });

  check("of nothing but a condition tells whether it holds", async ({ set, update }) => {
    await set({ state: "open" });
    expect(await update({ when: { state: "open" } })).toStrictEqual({ state: "open" });
    expect(await update({ when: { state: "done" } })).toBeUndefined();
  });

  check("takes names that DynamoDB reserves or does not allow bare", async ({ update }) => {
    const set = { status: 1, name: 2, "a.b": 3, "#hash": 4, "with space": 5, ttl: 6 };
    expect(await update({ when: { size: undefined, "x-y": undefined }, set })).toStrictEqual(set);
  });

  check("may name an attribute in its condition and again in what it sets", async ({ update }) => {
    await update({ when: { token: undefined }, set: { token: "a" } });
    expect(await update({ when: { token: "a" }, set: { token: "b" } })).toStrictEqual({ token: "b" });
    expect(await update({ when: { token: "a" }, set: { token: "c" } })).toBeUndefined();
    expect(await update({ when: { token: "b" }, remove: ["token"] })).toStrictEqual({});
  });

  check("may remove an attribute several times, by name and by an undefined value", async ({ set, update }) => {
    await set({ a: 1, b: 2 });
    expect(await update({ when: {}, set: { a: undefined }, remove: ["a", "a"] })).toStrictEqual({ b: 2 });
  });

  const twice: Record<string, Change> = {
    "sets and removes": { when: {}, set: { a: 2 }, remove: ["a"] },
    "sets and adds to": { when: {}, set: { a: 2 }, add: { a: 1 } },
    "removes and adds to": { when: {}, remove: ["a"], add: { a: 1 } },
    "removes, by an undefined value, and adds to": { when: {}, set: { a: undefined }, add: { a: 1 } },
  };
  for (const [does, change] of Object.entries(twice)) {
    check(
      `that ${does} one attribute is refused, whether its condition holds or not`,
      async ({ set, update, stored }) => {
        await set({ a: 1 });
        await expect(update(change)).rejects.toThrow();
        await expect(update({ ...change, when: { a: 7 } })).rejects.toThrow();
        expect(await stored()).toStrictEqual({ a: 1 });
      },
    );
  }

  check("adds to numbers only, and counts an absent one as 0", async ({ set, update, stored }) => {
    await set({ text: "a" });
    await expect(update({ when: {}, add: { text: 1 } })).rejects.toThrow();
    expect(await update({ when: {}, add: { none: 0 } })).toStrictEqual({ text: "a", none: 0 });
    expect(await stored()).toStrictEqual({ text: "a", none: 0 });
  });

  check("leaves the keys alone", async ({ set, update, stored }) => {
    await set({ a: 1 });
    for (const name of ["pk", "sk"]) {
      await expect(set({ [name]: "other" })).rejects.toThrow();
      await expect(update({ when: {}, remove: [name] })).rejects.toThrow();
    }
    expect(await stored()).toStrictEqual({ a: 1 });
  });

  check("is won by exactly one of those who want it", async ({ update, stored }) => {
    const claims = Array.from({ length: 8 }, (_, n) => ({ when: { token: undefined }, set: { token: `t${n}` } }));
    const results = await Promise.all(claims.map((claim) => update(claim)));
    expect(results.filter((result) => result !== undefined)).toStrictEqual([await stored()]);
  });
}

function conditionContract(check: Check): void {
  const item = { text: "a", count: 0, flag: false, nothing: null };
  const cases: readonly (readonly [string, Change["when"], boolean])[] = [
    ["equal text", { text: "a" }, true],
    ["other text", { text: "b" }, false],
    ["equal number", { count: 0 }, true],
    ["zero of the other sign", { count: -0 }, true],
    ["other number", { count: 1 }, false],
    ["equal truth", { flag: false }, true],
    ["other truth", { flag: true }, false],
    ["a number as text", { count: "0" }, false],
    ["a value where nothing is", { missing: "a" }, false],
    ["absent where nothing is", { missing: undefined }, true],
    ["absent where something is", { text: undefined }, false],
    ["absent where null is", { nothing: undefined }, false],
    ["one of several", { text: ["x", "a"] }, true],
    ["none of several", { text: ["x", "y"] }, false],
    ["several of mixed types", { count: ["0", 0] }, true],
    ["absent or a value, where nothing is", { missing: [undefined, "a"] }, true],
    ["absent or a value, where it is", { text: ["a", undefined] }, true],
    ["absent or a value, where another is", { text: [undefined, "b"] }, false],
    ["a list of absent alone", { missing: [undefined] }, true],
    ["no alternative at all", { text: [] }, false],
    ["all of several attributes", { text: "a", count: [0, 1], missing: undefined }, true],
    ["all but one of several attributes", { text: "a", count: [0, 1], flag: undefined }, false],
  ];
  for (const [name, when, expected] of cases) {
    check(`${expected ? "holds" : "does not hold"}: ${name}`, async ({ set, update, stored }) => {
      await set(item);
      const after = await update({ when, set: { seen: true } });
      expect(after).toStrictEqual(expected ? { ...item, seen: true } : undefined);
      expect(await stored()).toStrictEqual(expected ? { ...item, seen: true } : item);
    });
  }

  check("on an item that does not exist sees every attribute as absent", async ({ update, stored }) => {
    expect(await update({ when: { state: "open" }, set: { a: 1 } })).toBeUndefined();
    expect(await stored()).toBeUndefined();
    expect(await update({ when: { state: [undefined, "open"] }, set: { a: 1 } })).toStrictEqual({ a: 1 });
  });
}

function queryContract(check: Check): void {
  check("gives one partition's items in the order of their UTF-8 bytes", async ({ table, pk, set, keys }) => {
    // By UTF-16 units the emoji (a surrogate pair) would stand before U+FF5E.
    const order = ["#", "A", "Z", "a", "a\u0000", "aa", "batch#0000002", "batch#0000010", "é", "～", "👋"];
    for (const sk of order.toReversed()) await set({}, sk);
    await table.update({ pk: `${pk}x`, sk: "other" }, { when: {} });
    expect(await keys({})).toEqual(order);
    expect(await keys({ from: "～" })).toEqual(["～", "👋"]);
    expect(await keys({ from: "é", to: "～" })).toEqual(["é", "～"]);
  });

  check("holds both ends of its range", async ({ set, keys }) => {
    for (const sk of ["a", "b", "c", "d"]) await set({}, sk);
    expect(await keys({ from: "b", to: "c" })).toEqual(["b", "c"]);
    expect(await keys({ from: "b", to: "b" })).toEqual(["b"]);
    expect(await keys({ from: "b" })).toEqual(["b", "c", "d"]);
    expect(await keys({ to: "b" })).toEqual(["a", "b"]);
    expect(await keys({ from: "c", to: "b" })).toEqual([]);
    expect(await keys({ from: "x" })).toEqual([]);
  });

  check("reads on past DynamoDB's page of 1 MB", async ({ table, pk, set }) => {
    const names = Array.from({ length: 12 }, (_, n) => `batch#${String(n).padStart(7, "0")}`);
    for (const sk of names) await set({ text: "x".repeat(300_000), name: sk }, sk);
    const found = await Array.fromAsync(table.query(pk, { consistent: true }));
    expect(found.map(({ sk }) => sk)).toEqual(names);
    expect(found.map(({ item }) => item["name"])).toEqual(names);
    expect(Object.keys(found[0]?.item ?? {}).sort()).toEqual(["name", "text"]);
  });

  check("may be left early", async ({ table, pk, set }) => {
    for (const sk of ["a", "b"]) await set({}, sk);
    for await (const { sk } of table.query(pk, { consistent: true })) {
      expect(sk).toBe("a");
      break;
    }
  });
}
