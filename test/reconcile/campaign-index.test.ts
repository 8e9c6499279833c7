import { describe, expect, it } from "vitest";
import { itemVersion } from "../../shared/ledger/read-item.ts";
import { createCampaignIndex } from "../../shared/reconcile/campaign-index.ts";
import { running } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const day = 24 * 3600_000;

/** Campaigns that are over, numbered from `from` in the order in which they were uploaded. */
const complete = (many: number, from = 0) =>
  Array.from({ length: many }, (_, index) =>
    running({
      name: `campaign-${from + index}`,
      state: "complete",
      createdAt: nineOClock + from + index,
      completedAt: nineOClock,
      end: { why: "done", at: nineOClock },
    }),
  );

function createIndex(keepDays?: number) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const bucket = createMemoryBucket(clock);
  const deps = { table, bucket, clock, keepDays };
  return {
    clock,
    table,
    bucket,
    index: createCampaignIndex(deps),
    another: () => createCampaignIndex(deps),
    /** Pages put since this was last asked, without their folder. */
    puts: () => bucket.puts.splice(0).map((key) => key.replace("reports/", "")),
  };
}

const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);

describe("the index's entries", () => {
  it("are none before anything is settled, and none are written then", async () => {
    const { index, puts } = createIndex(90);
    await index.writeOlder();
    expect(await index.latest()).toEqual({ entries: [], olderPages: 0 });
    expect(puts()).toEqual([]);
  });

  it("are kept where other versions look for them", async () => {
    const { index, table } = createIndex();
    await index.add(complete(1));
    expect(table.item({ pk: "/index", sk: "summary" })).toEqual({
      v: itemVersion,
      turn: 1,
      pages: 1,
      latestTurns: 1,
      written: 0,
    });
    expect(table.item({ pk: "/index", sk: "page#000000001" })).toMatchObject({ v: itemVersion, turn: 1 });
    // What is added again changes nothing.
    const calls = table.calls.length;
    await index.add(complete(1));
    expect(table.calls.slice(calls).filter(({ method }) => method === "update")).toEqual([]);
  });

  it("are read again only when they have changed", async () => {
    const { index, another, table } = createIndex();
    await index.add(complete(3));
    expect(names((await index.latest()).entries)).toEqual(["campaign-0", "campaign-1", "campaign-2"]);
    const calls = table.calls.length;
    await index.latest();
    expect(table.calls).toHaveLength(calls + 1);
    await another().add(complete(1, 3));
    expect(names((await index.latest()).entries)).toHaveLength(4);
  });

  it.each([1, 199, 200, 201, 399, 401, 450, 2_001])(
    "are all there when %i are added at once, or after others",
    async (many) => {
      const { index, another } = createIndex();
      await index.add(complete(many));
      const latest = await another().latest();
      const pages = Math.ceil(many / 200);
      expect(names(latest.entries)).toEqual(names(complete(many).slice(200 * Math.max(0, pages - 2))));
      await index.add(complete(5, many));
      expect(names((await index.latest()).entries).slice(-5)).toEqual(names(complete(5, many)));
    },
  );

  it.each([0, 1, 200, 250, 601])("are all there when %i were found that an older version left", async (many) => {
    const { index, another, table } = createIndex();
    await index.add(complete(3, 1000));
    await index.rebuild(complete(many).toReversed());
    for (const sk of ["summary", "page#000000001"]) {
      expect(table.item({ pk: "/index", sk })).toMatchObject({ v: itemVersion });
    }
    expect(table.item({ pk: "/index", sk: "page#000000000" })).toBeUndefined();
    const pages = Math.max(1, Math.ceil(many / 200));
    expect(names((await index.latest()).entries)).toEqual(names(complete(many).slice(200 * Math.max(0, pages - 2))));
    await another().add(complete(1, many));
    expect(names((await index.latest()).entries).at(-1)).toBe(`campaign-${many}`);
  });

  it("are marked with their version by who begins with nothing", async () => {
    const { index, table } = createIndex();
    await index.rebuild(complete(1));
    for (const sk of ["summary", "page#000000001"]) {
      expect(table.item({ pk: "/index", sk })).toMatchObject({ v: itemVersion, turn: 1 });
    }
  });

  it("replace what the latest two pages said about a name", async () => {
    const { index } = createIndex();
    await index.add(complete(250));
    const [again, late] = [complete(1, 7), complete(1, 220)].flat().map((campaign) => ({ ...campaign, rows: 77 }));
    if (again === undefined || late === undefined) throw new Error("There are two.");
    await index.add([again, late]);
    const { entries } = await index.latest();
    expect(names(entries)).toEqual(names(complete(250)));
    expect(entries.filter(({ figures }) => figures.includes(77)).map(({ name }) => name)).toEqual([
      "campaign-7",
      "campaign-220",
    ]);
  });

  it("are those that there are when somebody was cut off between two pages", async () => {
    const { index, another, table } = createIndex();
    const { update } = table;
    table.update = async (key, change) => {
      if (key.sk === "page#000000002") throw new Error("Cut off.");
      return update(key, change);
    };
    await expect(index.add(complete(201))).rejects.toThrow("Cut off.");
    table.update = update;
    expect(names((await another().latest()).entries)).toEqual(names(complete(200)));
    await index.add(complete(201));
    expect(names((await another().latest()).entries)).toEqual(names(complete(201)));
  });

  it("are not tried for ever while others change them all the time", async () => {
    const { index, table } = createIndex();
    const { update } = table;
    table.update = async () => undefined;
    await expect(index.add(complete(1))).rejects.toThrow("changing too fast");
    table.update = update;
    let refusals = 3;
    table.update = async (...request) => (refusals-- > 0 ? undefined : update(...request));
    await index.add(complete(1));
    expect(names((await index.latest()).entries)).toEqual(["campaign-0"]);
  });
});

describe("pages of older campaigns", () => {
  const links = (html: string | undefined) => html?.match(/href="[^"]*" rel="[^"]*"/gu);

  it("are written once each, and the one before leads on to each", async () => {
    const { index, puts, bucket } = createIndex(90);
    await index.add(complete(400));
    await index.writeOlder();
    expect(puts()).toEqual([]);
    await index.add(complete(201, 400));
    await index.writeOlder();
    expect(puts()).toEqual(["older-1.html", "older-1.html", "older-2.html"]);
    expect((await index.latest()).olderPages).toBe(2);
    await index.writeOlder();
    expect(puts()).toEqual([]);
    expect(links(bucket.text("reports/older-2.html"))).toContain('href="index.html" rel="prev"');
    expect(links(bucket.text("reports/older-1.html"))).toContain('href="older-2.html" rel="prev"');
  });

  it("that are none yet are not written again either", async () => {
    const { index, table } = createIndex(20);
    await index.add(complete(1));
    table.calls.length = 0;
    await index.writeOlder();
    expect(table.calls.filter(({ method }) => method === "update")).toEqual([]);
  });

  it("are left to another reporter who is writing them", async () => {
    const { index, another, table } = createIndex(90);
    await index.add(complete(601));
    const { update } = table;
    table.update = async (...request) => {
      table.update = update;
      await another().writeOlder();
      return update(...request);
    };
    await index.writeOlder();
    expect((await index.latest()).olderPages).toBe(2);
  });

  it.each([
    [20, 10],
    [1, 0.5],
    [29, 14.5],
    [400, 15],
  ])("that expire after %i days are written again after %f, with the links that they had", async (keepDays, due) => {
    const { index, puts, bucket, clock } = createIndex(keepDays);
    await index.add(complete(601));
    await index.writeOlder();
    puts();
    const before = [1, 2].map((page) => links(bucket.text(`reports/older-${page}.html`)));
    // What is settled meanwhile does not put it off.
    await clock.advanceTo(nineOClock + (due * day) / 2);
    await index.add(complete(1, 601));
    await index.writeOlder();
    await clock.advanceTo(nineOClock + due * day);
    await index.writeOlder();
    expect(puts()).toEqual([]);
    await clock.advance(1);
    await index.writeOlder();
    expect(puts()).toEqual(["older-1.html", "older-2.html"]);
    expect([1, 2].map((page) => links(bucket.text(`reports/older-${page}.html`)))).toEqual(before);
    await clock.advance(due * day);
    await index.writeOlder();
    expect(puts()).toEqual([]);
    await clock.advance(1);
    await index.writeOlder();
    expect(puts()).toHaveLength(2);
  });

  it("are written again also where there is only one of them", async () => {
    const { index, puts, clock } = createIndex(20);
    await index.add(complete(401));
    await index.writeOlder();
    expect(puts()).toEqual(["older-1.html"]);
    await clock.advance(10 * day + 1);
    await index.writeOlder();
    expect(puts()).toEqual(["older-1.html"]);
  });

  it("are as old as the first of them when another is added", async () => {
    const { index, puts, clock } = createIndex(20);
    await index.add(complete(601));
    await index.writeOlder();
    await clock.advance(6 * day);
    await index.add(complete(200, 601));
    await index.writeOlder();
    expect(puts().slice(-2)).toEqual(["older-2.html", "older-3.html"]);
    await clock.advance(4 * day + 1);
    await index.writeOlder();
    expect(puts()).toEqual(["older-1.html", "older-2.html", "older-3.html"]);
  });

  it("are never written again where nothing expires", async () => {
    const { index, puts, clock } = createIndex();
    await index.add(complete(601));
    await index.writeOlder();
    puts();
    await clock.advance(4_000 * day);
    await index.writeOlder();
    expect(puts()).toEqual([]);
  });
});
