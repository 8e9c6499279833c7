import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import type { Item, Key, Table } from "../../shared/ports/table.ts";
import { startTable } from "./table-emulator.ts";

let server: Awaited<ReturnType<typeof startTable>>;
let table: Table;
let pk: string;
let partitions = 0;
const key = (sk = "item"): Key => ({ pk, sk });
const stored = (sk = "item") => table.get(key(sk), { consistent: true });

beforeAll(async () => {
  server = await startTable();
  table = createDynamoTable(server.client, server.tableName);
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  pk = `partition-${++partitions}`;
});

describe("values", () => {
  test("come back as they were stored, without the keys", async () => {
    const item: Item = {
      text: "Grüße 👋",
      empty: "",
      count: 17,
      fraction: -0.25,
      instant: 1_790_000_000_123,
      large: 1e21,
      yes: true,
      no: false,
      nothing: null,
      list: ["a", 1, [null, { deep: true }]],
      emptyList: [],
      map: { name: "x", inner: { n: 1 } },
    };
    expect(await table.update(key(), { when: {}, set: item })).toEqual(item);
    expect(await stored()).toEqual(item);
    expect(await table.get(key(), { consistent: false })).toEqual(item);
  });

  test("that are undefined are absent, at the top and inside", async () => {
    await table.update(key(), { when: {}, set: { a: 1, map: { b: 1 } } });
    const after = await table.update(key(), { when: {}, set: { a: undefined, map: { b: undefined, c: 2 } } });
    expect(after).toStrictEqual({ map: { c: 2 } });
    expect(await stored()).toStrictEqual({ map: { c: 2 } });
  });

  test("that are no finite numbers are refused", async () => {
    await expect(table.update(key(), { when: {}, set: { a: Number.NaN } })).rejects.toThrow("NaN");
    expect(await stored()).toBeUndefined();
  });

  test("of a kind that the ledger never writes are an error", async () => {
    const strange = { pk: { S: pk }, sk: { S: "item" }, set: { SS: ["a"] } };
    await server.client.send(new PutItemCommand({ TableName: server.tableName, Item: strange }));
    await expect(stored()).rejects.toThrow("type SS");
  });
});

describe("a change", () => {
  test("sets, removes and adds in one step, and returns the whole item", async () => {
    await table.update(key(), { when: {}, set: { kept: "k", gone: 1, count: 5 } });
    const change = { when: {}, set: { status: "done" }, remove: ["gone", "never"], add: { count: -2, fresh: 3 } };
    expect(await table.update(key(), change)).toStrictEqual({ kept: "k", count: 3, fresh: 3, status: "done" });
  });

  test("of nothing creates the item", async () => {
    expect(await stored()).toBeUndefined();
    expect(await table.update(key(), { when: {} })).toEqual({});
    expect(await stored()).toEqual({});
  });

  test("of nothing but a condition tells whether it holds", async () => {
    await table.update(key(), { when: {}, set: { state: "open" } });
    expect(await table.update(key(), { when: { state: "open" } })).toEqual({ state: "open" });
    expect(await table.update(key(), { when: { state: "done" } })).toBeUndefined();
  });

  test("takes names that DynamoDB reserves or does not allow bare", async () => {
    const set = { status: 1, name: 2, "a.b": 3, "#hash": 4, "with space": 5, ttl: 6 };
    expect(await table.update(key(), { when: { size: undefined, "x-y": undefined }, set })).toEqual(set);
  });

  test("may name one attribute in its condition, among what it sets, and again in another change", async () => {
    await table.update(key(), { when: { token: undefined }, set: { token: "a" } });
    expect(await table.update(key(), { when: { token: "a" }, set: { token: "b" } })).toEqual({ token: "b" });
    expect(await table.update(key(), { when: { token: "a" }, set: { token: "c" } })).toBeUndefined();
    expect(await table.update(key(), { when: { token: "b" }, remove: ["token"] })).toEqual({});
  });

  test("may remove an attribute both by name and by an undefined value", async () => {
    await table.update(key(), { when: {}, set: { a: 1, b: 2 } });
    expect(await table.update(key(), { when: {}, set: { a: undefined }, remove: ["a"] })).toEqual({ b: 2 });
  });

  test("is won by exactly one of those who want it", async () => {
    const claims = Array.from({ length: 8 }, (_, n) => ({ when: { token: undefined }, set: { token: `t${n}` } }));
    const results = await Promise.all(claims.map((claim) => table.update(key(), claim)));
    expect(results.filter((result) => result !== undefined)).toEqual([await stored()]);
  });
});

describe("a condition", () => {
  const item = { text: "a", count: 0, flag: false };
  const holds = async (when: Parameters<Table["update"]>[1]["when"]) => {
    await table.update(key(), { when: {}, set: item });
    return (await table.update(key(), { when, set: { seen: true } })) !== undefined;
  };
  test.each([
    ["equal text", { text: "a" }, true],
    ["other text", { text: "b" }, false],
    ["equal number", { count: 0 }, true],
    ["other number", { count: 1 }, false],
    ["equal truth", { flag: false }, true],
    ["other truth", { flag: true }, false],
    ["a number as text", { count: "0" }, false],
    ["a value where nothing is", { missing: "a" }, false],
    ["absent where nothing is", { missing: undefined }, true],
    ["absent where something is", { text: undefined }, false],
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
  ])("%s", async (_name, when, expected) => {
    expect(await holds(when)).toBe(expected);
    expect(await stored()).toEqual(expected ? { ...item, seen: true } : item);
  });

  test("on an item that does not exist sees every attribute as absent", async () => {
    expect(await table.update(key(), { when: { state: "open" }, set: { a: 1 } })).toBeUndefined();
    expect(await stored()).toBeUndefined();
    expect(await table.update(key(), { when: { state: [undefined, "open"] }, set: { a: 1 } })).toEqual({ a: 1 });
  });
});

describe("a query", () => {
  const put = (sk: string, item: Item = {}) => table.update(key(sk), { when: {}, set: item });
  const keys = async (range: { from?: string; to?: string }) =>
    (await Array.fromAsync(table.query(pk, { ...range, consistent: true }))).map(({ sk }) => sk);

  test("gives one partition's items in the order of their UTF-8 bytes", async () => {
    // By UTF-16 units the emoji (a surrogate pair) would stand before U+FF5E.
    const order = ["#", "A", "Z", "a", "batch#0000002", "batch#0000010", "é", "～", "👋"];
    for (const sk of order.toReversed()) await put(sk);
    await table.update({ pk: `${pk}x`, sk: "other" }, { when: {} });
    expect(await keys({})).toEqual(order);
  });

  test("holds both ends of its range", async () => {
    for (const sk of ["a", "b", "c", "d"]) await put(sk);
    expect(await keys({ from: "b", to: "c" })).toEqual(["b", "c"]);
    expect(await keys({ from: "b" })).toEqual(["b", "c", "d"]);
    expect(await keys({ to: "b" })).toEqual(["a", "b"]);
    expect(await keys({ from: "c", to: "b" })).toEqual([]);
    expect(await keys({ from: "x" })).toEqual([]);
  });

  test("reads on past DynamoDB's 1 MB page", async () => {
    const names = Array.from({ length: 12 }, (_, n) => `batch#${String(n).padStart(7, "0")}`);
    for (const sk of names) await put(sk, { text: "x".repeat(300_000), sk2: sk });
    const found = await Array.fromAsync(table.query(pk, { consistent: true }));
    expect(found.map(({ sk }) => sk)).toEqual(names);
    expect(found.map(({ item }) => item["sk2"])).toEqual(names);
  });

  test("that is left early asks for no more than one page ahead", async () => {
    for (let n = 0; n < 16; n++) await put(`k${n}`, { text: "x".repeat(300_000) });
    let pages = 0;
    server.client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === "QueryCommand") pages++;
        return next(args);
      },
      { step: "initialize", name: "count-pages" },
    );
    try {
      for await (const _ of table.query(pk, { consistent: true })) break;
    } finally {
      server.client.middlewareStack.remove("count-pages");
    }
    expect(pages).toBe(2);
  });
});

test("a deleted item is gone, and deleting it again is no error", async () => {
  await table.update(key(), { when: {}, set: { a: 1 } });
  await table.delete(key());
  await table.delete(key());
  expect(await stored()).toBeUndefined();
});

test("a table that does not exist is an error", async () => {
  const missing = createDynamoTable(server.client, "missing");
  await expect(missing.get(key(), { consistent: true })).rejects.toThrow("not found");
  await expect(missing.update(key(), { when: {} })).rejects.toThrow("not found");
});
