import { expect, test } from "vitest";
import { createPlanWriter } from "../../shared/plan/write-plan.ts";
import { readProgress } from "../../shared/reconcile/read-progress.ts";
import { plannedRow, running, sendRow, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld, visibilityMs } from "./world.ts";

const hour = 3_600_000;

/** Rows of three batches: London; New York; both. It is nine in London, and New York's hours begin at two. */
const zoneOf = (row: number) => [0, 0, 1, 1, 0, 1][row - 1] ?? 0;

const campaign = {
  rows: 6,
  sendable: 6,
  lastBatch: 3,
  options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } },
  zones: [
    { zones: ["Europe/London"], rows: 3 },
    { zones: ["America/New_York"], rows: 3 },
  ],
};

async function createCommitted() {
  const world = createWorld();
  const committed = await world.commit({ ...campaign, createdAt: nineOClock - 1 });
  const { name, run, batchRows } = committed;
  const writer = createPlanWriter({ bucket: world.bucket, name, run, batchRows });
  const rows = [1, 2, 3, 4, 5, 6].map((row) => {
    const send = sendRow(row, { zone: zoneOf(row) });
    return { ...plannedRow(row), verdict: { kind: "send" as const, send, segments: 1 } };
  });
  await writer.add(rows);
  await writer.end();
  /** Claims a batch, fires some of its rows, and records them. */
  const send = async (batch: number, firing: readonly number[]) => {
    const groups = new Map([2 * batch - 1, 2 * batch].map((row) => [row, zoneOf(row)]));
    const seen = await world.batches.read(name, batch);
    const times = { leaseUntil: world.clock.now() + 30_000, expiresAt: world.clock.now() + 100 * hour };
    const request = { campaign: name, batch, prev: batch - 1, rows: 2, firing, groups, ...times };
    const result = await world.batches.claim(request, seen);
    if (result.kind !== "claimed") throw new Error(result.kind);
    await world.batches.record(result.claim, [...(seen?.outcomes ?? []), ...firing.map((row) => submitted(row))]);
  };
  const look = async (at: number) => {
    await world.clock.advanceTo(at);
    const before = world.fed().length;
    await world.look();
    return world
      .fed()
      .slice(before)
      .map(({ batch, pass }) => `${batch} in ${pass}`);
  };
  return { ...world, send, look };
}

test("batches of which nobody's hours have come are passed over, and fed in the pass that begins with their hours", async () => {
  const { look, send, read, sums, fed } = await createCommitted();
  expect(await look(nineOClock + 11_000)).toEqual(["1 in 1", "3 in 1"]);
  // Versions that know nothing of zones refuse these messages, and read all others.
  expect(fed().map(({ v }) => v)).toEqual([3, 3]);
  expect(await read()).toMatchObject({ pointer: 3, pointerRows: 6, passedOver: 2 });
  await send(1, [1, 2]);
  await send(3, [5]);
  // For hours nothing is recorded: nothing is queued, nothing is stalled, and nothing is fed.
  for (const minutes of [1, 30, 120, 299]) expect(await look(nineOClock + minutes * 60_000)).toEqual([]);
  expect(sums.get("CampaignsStalled")).toBe(0);
  expect(await read()).toMatchObject({ pass: 1, stalls: 0 });
  expect(await look(nineOClock + 5 * hour)).toEqual(["2 in 2", "3 in 2"]);
  await send(2, [3, 4]);
  await send(3, [6]);
  await look(nineOClock + 5 * hour + 60_000);
  expect((await read()).state).not.toBe("running");
});

test("a lost message of rows whose hours have come is fed again, while the others wait", async () => {
  const { look, send, read, sums } = await createCommitted();
  await look(nineOClock + 11_000);
  await send(3, [5]);
  expect(await look(nineOClock + 11_000 + visibilityMs)).toEqual([]);
  expect(await look(nineOClock + 11_000 + 3 * visibilityMs)).toEqual(["1 in 2"]);
  expect(await read()).toMatchObject({ stalls: 1, passedOver: 2 });
  expect(sums.get("CampaignsStalled")).toBe(0);
  await look(nineOClock + 12_000 + 3 * visibilityMs);
  expect(sums.get("CampaignsStalled")).toBe(1);
  // From then on what is left only waits, whatever was in vain before.
  await send(1, [1, 2]);
  await look(nineOClock + 13_000 + 3 * visibilityMs);
  expect(sums.get("CampaignsStalled")).toBe(1);
});

test("what is queued when hours end is fed no more; the next pass has only who is left", async () => {
  const { look, read } = await createCommitted();
  await look(nineOClock + 11_000);
  expect(await look(nineOClock + 11.5 * hour)).toEqual(["2 in 2", "3 in 2"]);
  expect(await read()).toMatchObject({ passedOver: 2 });
});

test("batches that wait are read once, and again when somebody's hours have changed", async () => {
  const world = createWorld();
  const rows = 120;
  const zones = [
    { zones: ["Europe/London"], rows: 60 },
    { zones: ["America/New_York"], rows: 60 },
  ];
  const sent = running({ ...campaign, zones, rows, sendable: rows, lastBatch: 60, pointer: 60, pointerRows: rows });
  await world.campaigns.create(sent, undefined);
  for (let batch = 1; batch <= 60; batch++) {
    const groups = new Map([2 * batch - 1, 2 * batch].map((row) => [row, row % 2]));
    const times = { leaseUntil: world.clock.now() + 30_000, expiresAt: world.clock.now() + 100 * hour };
    const request = { campaign: "spring", batch, prev: batch - 1, rows: 2, firing: [2 * batch], groups, ...times };
    const result = await world.batches.claim(request, undefined);
    if (result.kind !== "claimed") throw new Error(result.kind);
    await world.batches.record(result.claim, [submitted(2 * batch)]);
  }
  const whole = await readProgress(world.batches, sent, nineOClock + 1_000);
  expect(whole).toMatchObject({ mark: 0, queuedRows: 0, ahead: [{ prev: 0, to: 60, waits: { groups: [1] } }] });
  expect(whole.left.get(7)).toEqual([1]);

  const known = { ...sent, ahead: [...(whole.ahead ?? [])] };
  const nothing = { ...world.batches, between: async function* () {} };
  const again = await readProgress(nothing, known, nineOClock + 2_000);
  expect(again).toMatchObject({ mark: 0, queuedRows: 0, hours: { changed: false } });
  expect(again.left).toEqual(whole.left);
  // New York's hours have begun: nothing that was remembered holds.
  const later = await readProgress(nothing, known, nineOClock + 5 * hour);
  expect(later).toMatchObject({ hours: { changed: true }, ahead: undefined });
  expect(later.left.size).toBe(0);
  // Nor does it in the pass that begins with them.
  const next = { ...known, pass: 2, hoursAt: nineOClock + 5 * hour, passStartedAt: nineOClock + 5 * hour };
  const begun = await readProgress(nothing, next, nineOClock + 5 * hour + 1_000);
  expect(begun).toMatchObject({ hours: { changed: false }, ahead: undefined });
  expect(begun.left.size).toBe(0);
});

test("what waits for several hours waits since the first look, is not done, and tells nothing of what is claimed", async () => {
  const world = createWorld();
  const zones = ["Europe/London", "America/New_York", "America/Los_Angeles"].map((zone) => ({
    zones: [zone],
    rows: 40,
  }));
  const rows = 122;
  const sent = running({ ...campaign, zones, rows, sendable: rows, lastBatch: 61, pointer: 61, pointerRows: rows });
  await world.campaigns.create(sent, undefined);
  for (let batch = 31; batch <= 61; batch++) {
    const groups = new Map([2 * batch - 1, 2 * batch].map((row) => [row, row % 2 === 0 ? 0 : 2]));
    const times = { leaseUntil: world.clock.now() + 30_000, expiresAt: world.clock.now() + 100 * hour };
    const request = { campaign: "spring", batch, prev: batch - 1, rows: 2, firing: [2 * batch], groups, ...times };
    const result = await world.batches.claim(request, undefined);
    if (result.kind !== "claimed") throw new Error(result.kind);
    if (batch < 61) await world.batches.record(result.claim, [submitted(2 * batch)]);
  }
  const run = { prev: 0, to: 30, rows: 60, recordedAt: nineOClock, waits: { groups: [1], since: nineOClock } };
  const seen = await readProgress(world.batches, { ...sent, ahead: [run] }, nineOClock + 1_000);
  expect(seen.ahead).toEqual([
    { prev: 0, to: 60, rows: 120, recordedAt: nineOClock, waits: { groups: [1, 2], since: nineOClock } },
  ]);
  expect(seen.done.size).toBe(0);
  expect([30, 31, 61].map((batch) => seen.left.get(batch))).toEqual([[1], [2], []]);
});
