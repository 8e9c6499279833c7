import { describe, expect, it } from "vitest";
import { progressOf } from "../../shared/send/batch-progress.ts";
import { createClaimLead } from "../../shared/send/claim-lead.ts";
import { createMakeReady } from "../../shared/send/make-ready.ts";
import { batchMessage, open, sendRow } from "../support/factories.ts";
import { createFakeEnswitch } from "../support/fake-enswitch.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";

const credentials = { username: "u", password: "p", version: "1" };

/** Makes the rows of a batch of two ready for their slots; `rate` is in calls per second. */
const makeReady = async (
  slots: readonly number[],
  rate: number,
  claimLead = createClaimLead(),
  count = 2,
  { laneRate = undefined as number | undefined, connectMs = 300 } = {},
) => {
  const clock = createManualClock();
  const enswitch = createFakeEnswitch(clock);
  const warmed: number[] = [];
  enswitch.warm = (connections) => warmed.push(connections);
  enswitch.usualConnectMs = () => connectMs;
  const item = { v: 1 as const, batch: 1, prev: 0, rows: 2, turn: 1, outcomes: [open(1)], expiresAt: 1 };
  const ready = await clock.run(
    createMakeReady({ enswitch, claimLead, laneRate, clock })(
      progressOf(batchMessage(1, { rows: Array.from({ length: count }, (_, index) => sendRow(index + 1)) }), {
        ...item,
        state: "open",
      }),
      { kind: "slots", slots, rate, epoch: 0, probe: undefined },
      credentials,
    ),
  );
  return { ready, warmed, at: clock.now() };
};

describe("making rows ready", () => {
  it("ends a tenth of a second before the first slot, when the claim still says something", async () => {
    const { at } = await makeReady([nineOClock + 5_000, nineOClock + 5_100], 10);
    expect(at).toBe(nineOClock + 4_900);
  });

  it("ends earlier where claims have been slow, so that rows do not miss their slots each time again", async () => {
    const lead = createClaimLead();
    lead.took(200);
    const slots = [nineOClock + 5_000, nineOClock + 5_100];
    expect((await makeReady(slots, 10, lead)).at).toBe(nineOClock + 4_700);
    lead.took(60_000);
    expect((await makeReady(slots, 10, lead)).at).toBe(nineOClock + 4_600);
    for (let claim = 0; claim < 60; claim++) lead.took(5);
    expect((await makeReady(slots, 10, lead)).at).toBe(nineOClock + 4_900);
  });

  it("prepares as many rows as have slots, each with what is known of it", async () => {
    expect((await makeReady([nineOClock], 10)).ready).toMatchObject([{ row: { row: 1 }, before: open(1) }]);
    const { ready } = await makeReady([nineOClock, nineOClock + 100], 10);
    expect(ready.map(({ row, before }) => [row.row, before?.attempts])).toEqual([
      [1, 1],
      [2, undefined],
    ]);
  });

  it("opens as many connections as calls may go out while one is being opened, and never more than rows", async () => {
    expect((await makeReady([nineOClock, nineOClock + 100], 10)).warmed).toEqual([2]);
    // A call every five seconds: the first has its connection, and so has the next.
    expect((await makeReady([nineOClock, nineOClock + 5_000], 0.2)).warmed).toEqual([2]);
    expect((await makeReady([nineOClock], 10)).warmed).toEqual([1]);
    // Three in the three tenths of a second that opening takes, as long as nothing else is known, and the next.
    const slots = Array.from({ length: 8 }, (_, index) => nineOClock + index * 100);
    expect((await makeReady(slots, 10, createClaimLead(), 8)).warmed).toEqual([4]);
  });

  it("opens as many more where one execution sends alone at a rate that others would share", async () => {
    const slots = Array.from({ length: 25 }, (_, index) => nineOClock + index);
    const warmed = async (laneRate: number | undefined) =>
      (await makeReady(slots, 1000, createClaimLead(), 25, { laneRate, connectMs: 10 })).warmed;
    expect(await warmed(undefined)).toEqual([3]);
    expect(await warmed(1000)).toEqual([11]);
  });
});
