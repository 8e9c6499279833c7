import { describe, expect, test } from "vitest";
import { createDeeds, type NotedDeed } from "../../shared/campaign/deeds.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const minute = 60_000;
const suppressed = (by: string, minutes: number, numbers = 1): NotedDeed => ({
  what: "suppressed numbers",
  numbers,
  by,
  at: nineOClock + minutes * minute,
});

describe("what people did besides", () => {
  test("is kept in order, and nothing at first", async () => {
    const deeds = createDeeds(createMemoryTable());
    expect(await deeds.all()).toEqual([]);
    const checked = { what: "checked", name: "spring", by: "anna", at: nineOClock } as const;
    await deeds.note(checked);
    await deeds.note(suppressed("ben", 1, 3));
    expect(await deeds.all()).toEqual([checked, suppressed("ben", 1, 3)]);
  });

  test("is one deed where somebody repeats his last within half an hour, with all its numbers", async () => {
    const deeds = createDeeds(createMemoryTable());
    for (const minutes of [0, 20, 40]) await deeds.note(suppressed("ben", minutes, 2));
    expect(await deeds.all()).toEqual([suppressed("ben", 40, 6)]);
    await deeds.note(suppressed("anna", 41));
    await deeds.note(suppressed("ben", 42));
    await deeds.note(suppressed("ben", 73));
    await deeds.note({ ...suppressed("ben", 74), what: "lifted suppressions" });
    expect((await deeds.all()).map(({ by, numbers }) => `${by} ${numbers}`)).toEqual([
      "ben 6",
      "anna 1",
      "ben 1",
      "ben 1",
      "ben 1",
    ]);
  });

  test("is two deeds where two names were checked", async () => {
    const deeds = createDeeds(createMemoryTable());
    for (const name of ["a", "b", "b"]) await deeds.note({ what: "checked", name, by: "anna", at: nineOClock });
    expect((await deeds.all()).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("loses nothing when several note at once, and forgets the oldest of more than 200", async () => {
    const deeds = createDeeds(createMemoryTable());
    await Promise.all(["a", "b", "c", "d"].map((by, minutes) => deeds.note(suppressed(by, minutes))));
    expect(await deeds.all()).toHaveLength(4);
    for (let number = 0; number < 200; number++) await deeds.note(suppressed(`p${number}`, 10));
    const all = await deeds.all();
    expect([all.length, all[0]?.by, all.at(-1)?.by]).toEqual([200, "p0", "p199"]);
  });
});
