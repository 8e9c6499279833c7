import { expect, it } from "vitest";
import { createSenderCounter, createSenders } from "../../shared/opt-outs/senders.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => String(44_200_000_000 + from + index));

it("knows the senders of campaigns, and forgets first who was used longest ago", async () => {
  const senders = createSenders({ table: createMemoryTable() });
  expect(await senders.all()).toEqual(new Set());
  await senders.note(["442079460001"]);
  await senders.note([]);
  await senders.note(many(4_999));
  expect((await senders.all()).size).toBe(5_000);
  // Used again while it is among the older half: it stays.
  await senders.note(["442079460001"]);
  await senders.note(many(4_999, 10_000));
  const all = await senders.all();
  expect([all.size, all.has("442079460001"), all.has("44200000000")]).toEqual([5_000, true, false]);
  await senders.note(many(20_000, 50_000));
  expect(await senders.all()).toEqual(new Set(many(5_000, 50_000)));
});

it("keeps each once, so that lists that are sent from the same numbers again push nobody out", async () => {
  const senders = createSenders({ table: createMemoryTable() });
  await senders.note(many(1_500));
  for (let list = 0; list < 2; list++) await senders.note(many(3_000, 10_000));
  expect((await senders.all()).size).toBe(4_500);
});

it("touches no list that a newer version has written", async () => {
  const table = createMemoryTable();
  const numbers = ["1234"];
  await table.update({ pk: "account", sk: "senders" }, { when: {}, set: { numbers, v: 2, version: 1 } });
  const senders = createSenders({ table });
  await expect(senders.all()).rejects.toThrow("The list of senders is in the ledger in format 2");
  await expect(senders.note(["5678"])).rejects.toThrow("format 2");
  expect((await table.get({ pk: "account", sk: "senders" }, { consistent: true }))?.["numbers"]).toEqual(numbers);
});

it("writes nothing where all are known and were used lately, and loses nothing under two writers", async () => {
  const table = createMemoryTable();
  let updates = 0;
  const counting = {
    get: table.get,
    update: (...change: Parameters<typeof table.update>) => {
      updates++;
      return table.update(...change);
    },
  };
  const senders = createSenders({ table: counting });
  await senders.note(["1234", "5678"]);
  await senders.note(["5678"]);
  expect(updates).toBe(1);
  await Promise.all(many(5).map((number) => createSenders({ table }).note([number])));
  expect(await senders.all()).toEqual(new Set(["1234", "5678", ...many(5)]));
});

it("says how often others changed the list when it gives up", async () => {
  const table = createMemoryTable();
  const senders = createSenders({ table: { get: table.get, update: async () => undefined } });
  await expect(senders.note(["1234"])).rejects.toThrow("The list of senders was changed by others 20 times in a row.");
});

it("reads a list's senders as replies from them are told, and no more than 5,000", () => {
  const counter = createSenderCounter("GB");
  for (const sender of ["020 7946 0001", "020 7946 0001", "+44 20 7946 0002", "442079460001", "ACME", "+33612345678"]) {
    counter.add(sender);
  }
  expect(counter.digits()).toEqual(["442079460001", "442079460002", "33612345678"]);
  const endless = createSenderCounter(undefined);
  for (const sender of many(6_000)) endless.add(sender);
  expect(endless.digits()).toEqual(expect.arrayContaining(many(1, 4_999)));
  expect(endless.digits()).not.toEqual(expect.arrayContaining(many(1, 5_000)));
});
