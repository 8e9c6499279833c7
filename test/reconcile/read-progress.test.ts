import { describe, expect, it } from "vitest";
import { readProgress } from "../../shared/reconcile/read-progress.ts";
import { open, running, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

const campaign = running({ pointer: 6, pointerRows: 12 });

describe("reading progress from the ledger", () => {
  it("of a campaign nothing was sent of finds everything fed still queued", async () => {
    const { batches } = createWorld();
    expect(await readProgress(batches, campaign, nineOClock)).toEqual({
      mark: 0,
      markRows: 0,
      done: new Set(),
      left: new Map(),
      hours: { changed: false, at: nineOClock },
      queuedRows: 12,
      leasedUntil: undefined,
      recordedAt: 0,
    });
  });

  it("raises the mark over batches done in an unbroken chain, and no further", async () => {
    const { batches, send } = createWorld();
    for (const batch of [1, 2, 4, 6, 8]) await send(batch);
    expect(await readProgress(batches, campaign, nineOClock)).toMatchObject({
      mark: 2,
      markRows: 4,
      done: new Set([4, 6, 8]),
      // Batch 8 lies beyond the pointer, fed in an earlier pass.
      queuedRows: 12 - 4 - 4,
      recordedAt: nineOClock,
    });
  });

  it("follows the chain over batches without a sendable row", async () => {
    const { batches, send } = createWorld();
    await send(2, undefined, { prev: 0 });
    await send(7, undefined, { prev: 2 });
    expect(await readProgress(batches, campaign, nineOClock)).toMatchObject({ mark: 7, markRows: 4 });
  });

  it("does not take an open batch for done", async () => {
    const { batches, send } = createWorld();
    await send(1, [submitted(1), open(2)]);
    expect(await readProgress(batches, campaign, nineOClock)).toMatchObject({
      mark: 0,
      queuedRows: 12,
      recordedAt: nineOClock,
    });
  });

  it("takes a claim for live that another execution is just ending", async () => {
    const { batches, claim } = createWorld();
    await claim(1, nineOClock - 1);
    const ending = { between: batches.between, settle: async () => false as const };
    expect(await readProgress(ending, campaign, nineOClock)).toMatchObject({
      mark: 0,
      leasedUntil: nineOClock,
      left: new Map([[1, []]]),
    });
  });

  it("reads no batch below the mark again", async () => {
    const { table, batches, send } = createWorld();
    for (const batch of [1, 2, 3, 4]) await send(batch);
    table.calls.length = 0;
    const seen = await readProgress(batches, { ...campaign, mark: 3, markRows: 6 }, nineOClock);
    expect(seen).toMatchObject({ mark: 4, markRows: 8 });
    expect(table.calls.map(({ key }) => key.sk)).toEqual(["batch#0000004"]);
  });

  it("tells until when the last live lease lasts", async () => {
    const { batches, claim } = createWorld();
    await claim(1, nineOClock + 5_000);
    await claim(2, nineOClock + 9_000);
    expect((await readProgress(batches, campaign, nineOClock)).leasedUntil).toBe(nineOClock + 9_000);
  });

  it("settles claims whose lease ran out: their rows are in doubt and the batch counts as done", async () => {
    const { clock, batches, claim } = createWorld();
    await claim(1, nineOClock + 5_000);
    expect((await readProgress(batches, campaign, nineOClock + 5_000)).mark).toBe(0);
    await clock.advance(5_001);
    expect(await readProgress(batches, campaign, clock.now())).toMatchObject({ mark: 1, leasedUntil: undefined });
    const statuses = (await batches.read("spring", 1))?.outcomes.map(({ status }) => status);
    expect(statuses).toEqual(["unknown", "unknown"]);
  });

  /** A campaign of a hundred batches whose first is stuck; of the others those in `done` are done. */
  const stuck = async (done: readonly number[]) => {
    const world = createWorld();
    const { commit, claim, send } = world;
    const all = await commit({ lastBatch: 100, rows: 200, sendable: 200, pointer: 100, pointerRows: 200 });
    await claim(1, nineOClock + 60 * 60_000);
    for (const batch of done) await send(batch);
    return { ...world, all };
  };
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const read = ({ table }: ReturnType<typeof createWorld>) => {
    const found: string[] = [];
    const { query } = table;
    table.query = async function* (...args) {
      for await (const one of query(...args)) {
        if (one.sk.startsWith("batch#")) found.push(one.sk);
        yield one;
      }
    };
    return found;
  };

  it("reads what is done behind a stuck batch once, and comes to the same result", async () => {
    const world = await stuck([...upTo(2, 60), ...upTo(62, 90), ...upTo(92, 95)]);
    const { batches, look, clock, send, all } = world;
    const whole = await readProgress(batches, all, nineOClock);
    expect(whole).toMatchObject({ mark: 0, queuedRows: 2 * (100 - 59 - 29 - 4) });
    await look();
    const known = await world.read();
    const found = read(world);
    expect(await readProgress(batches, known, nineOClock)).toEqual(whole);
    expect(found).toEqual([1, 92, 93, 94, 95].map((batch) => `batch#${String(batch).padStart(7, "0")}`));

    found.length = 0;
    await clock.advance(1_000);
    await look();
    expect(found).toHaveLength(5);
    // The gap closes: the two runs are one.
    await send(61);
    await look();
    const closed = await readProgress(batches, await world.read(), nineOClock);
    expect(closed.ahead).toMatchObject([{ prev: 1, to: 90, rows: 178 }]);
  });

  it("raises the mark over all that was done behind the stuck batch", async () => {
    const { batches, look, clock, read: current } = await stuck(upTo(2, 100));
    await look();
    await clock.advance(61 * 60_000);
    expect(await readProgress(batches, await current(), clock.now())).toMatchObject({
      mark: 100,
      markRows: 200,
      queuedRows: 0,
      ahead: undefined,
    });
  });

  it("counts rows before the pointer, wherever a new pass has it", async () => {
    const { batches, look, read: current } = await stuck(upTo(2, 60));
    await look();
    const known = await current();
    expect(known.ahead).toMatchObject([{ prev: 1, to: 60 }]);
    for (const pointer of [0, 1, 2, 30, 60, 61, 100]) {
      const pass = { pointer, pointerRows: 2 * pointer };
      const whole = await readProgress(batches, { ...known, ...pass, ahead: undefined }, nineOClock);
      expect(await readProgress(batches, { ...known, ...pass }, nineOClock), `pointer ${pointer}`).toEqual(whole);
    }
  });
});

describe("long runs that the campaign's item remembers", () => {
  const hour = 60 * 60_000;

  /** A campaign of `many` batches of two rows, in two groups of which the second's hours have not come. */
  const began = async (many: number) => {
    const world = createWorld();
    const found = await world.commit({
      lastBatch: many,
      rows: 2 * many,
      sendable: 2 * many,
      pointer: many,
      pointerRows: 2 * many,
      options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } },
      zones: ["Europe/London", "America/New_York", "America/Chicago"].map((zone) => ({ zones: [zone], rows: many })),
    });
    await world.claim(1, nineOClock + hour);
    /** Records these batches: whole, or with a row of this group left. */
    const record = async (from: number, to: number, group?: number) => {
      for (let batch = from; batch <= to; batch++) {
        const firing = group === undefined ? [2 * batch - 1, 2 * batch] : [2 * batch - 1];
        const groups = new Map([
          [2 * batch - 1, 0],
          [2 * batch, group ?? 0],
        ]);
        const request = { campaign: "spring", batch, prev: batch - 1, rows: 2, firing, groups };
        const times = { leaseUntil: nineOClock + 30_000, expiresAt: nineOClock + 100 * hour };
        const result = await world.batches.claim({ ...request, ...times }, undefined);
        if (result.kind !== "claimed") throw new Error(result.kind);
        await world.batches.record(
          result.claim,
          firing.map((row) => submitted(row)),
        );
      }
    };
    const ahead = async (now = nineOClock) => (await readProgress(world.batches, found, now)).ahead;
    return { ...world, found, record, ahead };
  };

  it("are the ten longest of twenty batches or more, in the order of their places", async () => {
    const { record, ahead } = await began(500);
    const lengths = [19, 20, 31, 22, 33, 24, 35, 26, 37, 28, 39, 30, 21];
    let from = 3;
    const runs: { readonly prev: number; readonly to: number; readonly rows: number }[] = [];
    for (const length of lengths) {
      await record(from, from + length - 1);
      runs.push({ prev: from - 1, to: from + length - 1, rows: 2 * length });
      from += length + 1;
    }
    const longest = runs.filter(({ prev, to }) => to - prev >= 22);
    expect(longest).toHaveLength(10);
    expect(await ahead()).toMatchObject(longest);
  });

  it("say of batches that wait for their hours for whose, and since when", async () => {
    const { record, ahead } = await began(60);
    await record(2, 25, 1);
    expect(await ahead()).toMatchObject([{ prev: 1, to: 25, rows: 48, waits: { groups: [1], since: nineOClock } }]);
  });

  it.each([
    ["done ones and some that wait", [undefined, 1], [1]],
    ["some that wait and done ones", [1, undefined], [1]],
    ["ones that wait for several", [1, 2], [1, 2]],
  ])("may be made of %s", async (_, groups, waitFor) => {
    const { record, ahead } = await began(60);
    for (const [index, group] of groups.entries()) await record(2 + 20 * index, 21 + 20 * index, group);
    expect(await ahead()).toMatchObject([
      { prev: 1, to: 41, rows: 80, waits: { groups: waitFor, since: nineOClock }, recordedAt: nineOClock },
    ]);
  });

  it("are read the same again, and no longer once anybody's hours have begun", async () => {
    const { record, found, batches } = await began(60);
    await record(2, 50, 1);
    const now = nineOClock + 1;
    const first = await readProgress(batches, found, now);
    expect(first).toMatchObject({ queuedRows: 2 * (60 - 49) });
    expect(first.left.get(30)).toEqual([1]);
    expect(await readProgress(batches, { ...found, ahead: [...(first.ahead ?? [])] }, now + 1)).toEqual({
      ...first,
      hours: { changed: false, at: now + 1 },
    });
    const later = nineOClock + 5 * hour + 1;
    const whole = await readProgress(batches, found, later);
    expect(whole.hours.changed).toBe(true);
    expect(await readProgress(batches, { ...found, ahead: [...(first.ahead ?? [])] }, later)).toEqual(whole);
  });

  it("do not raise the mark while some of them wait", async () => {
    const { record, found, batches } = await began(60);
    await record(2, 25, 1);
    // The first batch's holder died.
    const after = await readProgress(batches, found, nineOClock + hour + 1);
    expect(after).toMatchObject({ mark: 1, markRows: 2 });
  });

  it("that the mark has passed meanwhile are not counted twice", async () => {
    const { record, found, batches } = await began(60);
    await record(2, 25);
    const { ahead = [] } = await readProgress(batches, found, nineOClock);
    expect(ahead).toMatchObject([{ prev: 1, to: 25 }]);
    const passed = { ...found, mark: 25, markRows: 50 };
    const whole = await readProgress(batches, passed, nineOClock);
    expect(whole).toMatchObject({ mark: 25, queuedRows: 2 * (60 - 25), ahead: undefined });
    expect(await readProgress(batches, { ...passed, ahead: [...ahead] }, nineOClock)).toEqual(whole);
  });

  it("are none at a restart, where no instant tells whose hours it is", async () => {
    const { record, found, batches } = await began(60);
    await record(2, 25, 1);
    const { hours, ahead } = await readProgress(batches, found, Number.POSITIVE_INFINITY);
    expect(hours).toEqual({ changed: true, at: found.passStartedAt });
    expect(ahead).toMatchObject([{ waits: { since: found.passStartedAt } }]);
  });
});
