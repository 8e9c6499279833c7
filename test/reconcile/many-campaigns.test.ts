import { describe, expect, it } from "vitest";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { markOf } from "../../shared/campaign/unsettled.ts";
import { grouped } from "../../shared/in-words.ts";
import type { Table } from "../../shared/ports/table.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const totals = { submitted: 20, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 };

/** A campaign with nothing left to do, uploaded `age` minutes ago. */
const settled = (name: string, age: number) =>
  running({
    name,
    run: `run of ${name}`,
    state: "complete",
    createdAt: nineOClock - age * minute,
    end: { why: "done", at: nineOClock },
    completedAt: nineOClock,
    totals,
    cleaned: true,
    mailed: "complete",
  });

/** Stores a campaign as an older version of bulk-send did: nothing but its item. */
const storeAsBefore = ({ table }: ReturnType<typeof createWorld>, campaign: ReturnType<typeof running>) => {
  const { tally, ...item } = campaign;
  const tallies = Object.fromEntries(Object.entries(tally).map(([name, value]) => [`tally_${name}`, value]));
  table.store({ pk: "campaigns", sk: campaign.name }, JSON.parse(JSON.stringify({ ...item, ...tallies, v: 1 })));
};

/** Counts the items that are read from a table. */
function countReads(table: Table) {
  const count = { items: 0 };
  const { get, query } = table;
  table.get = async (...args) => {
    count.items++;
    return get(...args);
  };
  table.query = async function* (...args) {
    for await (const found of query(...args)) {
      count.items++;
      yield found;
    }
  };
  return count;
}

/** A world with so many settled campaigns of an older version, after the looks that take them over. */
const takenOver = async (many: number) => {
  const world = createWorld();
  for (let number = 0; number < many; number++) storeAsBefore(world, settled(`old-${number}`, number));
  const reads = countReads(world.table);
  const gets: string[] = [];
  await world.look();
  await world.clock.advance(minute);
  await world.look();
  world.bucket.fault = ({ method, key }) => {
    gets.push(`${method} ${key}`);
  };
  return { ...world, reads, gets };
};

/** What one more look reads. */
const quietLook = async ({ clock, look, reads, gets, bucket }: Awaited<ReturnType<typeof takenOver>>) => {
  await clock.advance(minute);
  reads.items = 0;
  gets.length = 0;
  bucket.puts.length = 0;
  await look();
  return { items: reads.items, gets: gets.length, puts: [...bucket.puts] };
};

describe("what a look reads", () => {
  it("does not grow with the campaigns that are finished", async () => {
    const few = await quietLook(await takenOver(10));
    const many = await quietLook(await takenOver(10_000));
    expect(many).toEqual(few);
    expect(many.items).toBeLessThan(8);
    expect(many.puts).toEqual([]);
  });

  it("is the same for a reporter that starts cold, but for the latest entries of the index", async () => {
    const world = await takenOver(1_000);
    const warm = await quietLook(world);
    await world.clock.advance(minute);
    world.reads.items = 0;
    await world.reporter()();
    expect(world.reads.items).toBeLessThanOrEqual(warm.items + 4);
  });
});

describe("campaigns of an older version", () => {
  it("are found, whatever is left to do for them", async () => {
    const world = createWorld();
    storeAsBefore(world, settled("settled", 5));
    storeAsBefore(world, running({ name: "running", run: "r2" }));
    storeAsBefore(world, { ...settled("not mailed", 3), mailed: undefined });
    storeAsBefore(world, { ...settled("not cleaned", 2), cleaned: undefined, reportedAt: nineOClock });
    await world.look().catch(() => {});
    const noted = await Array.fromAsync(createCampaigns(world.table).unsettled());
    expect(noted.map(({ name }) => name)).toEqual(["not cleaned", "not mailed", "running"]);
    expect(world.mails.map(({ subject }) => subject)).toContain("Complete: not mailed, 20 of 20 accepted");
    expect(world.bucket.text("reports/index.html")).toContain("settled");
  });

  it("come off the list even when they do not say when they were reported", async () => {
    const { look, campaigns, clock, ...world } = createWorld();
    storeAsBefore({ look, campaigns, clock, ...world }, { ...settled("old", 5), cleaned: undefined });
    await clock.advance(30 * minute);
    for (let looks = 0; looks < 3; looks++) await look();
    expect(await Array.fromAsync(campaigns.unsettled())).toEqual([]);
  });

  it("that a splitter of that version commits in its last quarter of an hour are found soon", async () => {
    const world = createWorld();
    await world.look();
    storeAsBefore(world, running({ name: "late" }));
    await world.clock.advance(21 * minute);
    await world.look().catch(() => {});
    expect((await Array.fromAsync(world.campaigns.unsettled())).map(({ name }) => name)).toEqual(["late"]);
  });

  it("are found within a day even when their note was lost", async () => {
    const world = createWorld();
    await world.look();
    await world.clock.advance(30 * minute);
    await world.look();
    storeAsBefore(world, running({ name: "lost" }));
    await world.clock.advance(day);
    await world.look().catch(() => {});
    expect((await Array.fromAsync(world.campaigns.unsettled())).map(({ name }) => name)).toEqual(["lost"]);
  });
});

describe("a name that was noted", () => {
  it("stays so while the campaign that follows a refusal is still being written", async () => {
    const { campaigns, look, clock } = createWorld();
    await campaigns.create(refused(), undefined);
    await look();
    expect(await Array.fromAsync(campaigns.unsettled())).toEqual([]);
    // A splitter has noted the name and not written the item yet.
    const next = running({ createdAt: clock.now() });
    await campaigns.noteUnsettled("spring", markOf(next));
    await look();
    await look();
    expect(await Array.fromAsync(campaigns.unsettled())).toMatchObject([{ name: "spring", mark: markOf(next) }]);
    // It died; two days later nothing can follow any more.
    await clock.advance(2 * day + minute);
    await look();
    expect(await Array.fromAsync(campaigns.unsettled())).toEqual([]);
  });

  it("is not taken off when another campaign was noted under it meanwhile", async () => {
    const { campaigns } = createWorld();
    await campaigns.create(refused(), undefined);
    const old = markOf(refused());
    await campaigns.create(running(), refused());
    await campaigns.settle("spring", old);
    expect(await Array.fromAsync(campaigns.unsettled())).toMatchObject([{ campaign: running() }]);
  });

  it("without a campaign is passed over", async () => {
    const { campaigns, look } = createWorld();
    await campaigns.noteUnsettled("spring", markOf(running()));
    await look();
    await campaigns.create(running({ state: "paused" }), undefined);
    expect(await Array.fromAsync(campaigns.unsettled())).toMatchObject([{ name: "spring" }]);
  });

  it("may have any characters, and as many campaigns as there are", async () => {
    const { campaigns } = createWorld();
    const names = ["__proto__", "v", "a/b", "Frühling +", "👋", ...Array.from({ length: 300 }, (_, n) => `many-${n}`)];
    for (const name of names) await campaigns.create(running({ name }), undefined);
    const found = await Array.fromAsync(campaigns.unsettled());
    expect(found.map(({ campaign }) => campaign?.name).toSorted()).toEqual(names.toSorted());
  });
});

describe("the index of many campaigns", () => {
  it("shows the latest ones with those under way, and leads to older pages that are written once", async () => {
    const world = await takenOver(1_000);
    const { bucket, campaigns, look, clock } = world;
    const index = bucket.text("reports/index.html") ?? "";
    expect(index).toContain(">old-0<");
    expect(index).toContain(`${grouped(1_000)} in all`);
    expect(bucket.text("reports/index-2.html")).toContain(">old-399<");
    expect(bucket.text("reports/index-2.html")).toContain('href="older-3.html" rel="next"');
    const older = [1, 2, 3].map((page) => bucket.text(`reports/older-${page}.html`) ?? "");
    const shown = older.map((html) => [...html.matchAll(/>old-(\d+)</gu)].map(([, number]) => Number(number)));
    expect(shown.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, n) => 400 + n));
    expect(older[2]).toContain('href="index.html" rel="prev"');
    expect(older[1]).toContain('href="older-3.html" rel="prev"');

    await campaigns.create(running({ name: "under way", state: "paused" }), undefined);
    await look();
    expect(bucket.text("reports/index.html")).toContain(">under way<");
    for (let number = 0; number < 210; number++) await campaigns.create(settled(`new-${number}`, -number), undefined);
    bucket.puts.length = 0;
    await look();
    await clock.advance(minute);
    await look();
    expect(bucket.puts.filter((key) => key.startsWith("reports/older-"))).toEqual([
      "reports/older-3.html",
      "reports/older-4.html",
      "reports/older-4.html",
      "reports/older-5.html",
    ]);
    bucket.puts.length = 0;
    await look();
    expect(bucket.puts).toEqual([]);
    expect(bucket.text("reports/older-3.html")).toContain('href="older-4.html" rel="prev"');
    expect(bucket.text("reports/index.html")).toContain(">new-209<");
  });

  it("shows a refused name as what became of it later", async () => {
    const { campaigns, look, bucket } = createWorld();
    await campaigns.create(refused(), undefined);
    await look();
    await look();
    expect(bucket.text("reports/index.html")).toContain("It has no rows.");
    await campaigns.create(settled("spring", 0), refused());
    await look();
    await look();
    const index = bucket.text("reports/index.html") ?? "";
    expect(index).not.toContain("It has no rows.");
    expect(index.match(/<bdi>spring</gu)).toHaveLength(1);
  });

  it("loses nothing when it is cut off between a page and the note of it, or when two write it at once", async () => {
    const { campaigns, look, reporter, bucket, table } = createWorld();
    await campaigns.create(settled("a", 1), undefined);
    const { update } = table;
    table.update = async (key, change) => {
      if (key.pk === "/index" && key.sk === "summary" && change.set?.["latestTurns"] !== 0) throw new Error("Cut off.");
      return update(key, change);
    };
    await look().catch(() => {});
    table.update = update;
    const other = reporter();
    await Promise.all([look(), other()]);
    for (const name of ["b", "c"]) await campaigns.create(settled(name, 0), undefined);
    await Promise.all([look(), other()]);
    await look();
    for (const name of ["a", "b", "c"]) expect(bucket.text("reports/index.html")).toContain(`<bdi>${name}<`);
  });
});
