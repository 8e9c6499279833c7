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
});
