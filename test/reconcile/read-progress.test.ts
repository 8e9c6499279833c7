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
