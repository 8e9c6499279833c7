import { expect, it } from "vitest";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createAccountChanges } from "../../shared/send/account-changes.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedQueue } from "../support/recorders.ts";

const world = () => {
  const clock = createManualClock();
  const account = createAccountStore({ table: createMemoryTable(), clock, freshToken: createTokens() });
  const nudges = createRecordedQueue();
  const { log, lines } = createRecordedLog();
  const changes = createAccountChanges({ account, nudge: nudges.enqueue, clock, log });
  const hold = (until: number) =>
    changes.change((state, now) => ({ ...state, hold: { since: now, until, step: 1, reason: "It is silent." } }));
  return { account, changes, nudges, lines, hold };
};

it.each([
  [1_000, 2],
  [1_500, 3],
  [60_000, 61],
  [899_000, 900],
  [3_600_000, 900],
  // It was over before this machine, which stood still, came to say so.
  [-5_000, 1],
  [-60_000, 1],
])(
  "a hold of %i ms has the reporter look when it is over, %i s from now: the queue waits 900 at most",
  async (ms, delaySeconds) => {
    const { nudges, lines, hold } = world();
    await hold(nineOClock + ms);
    expect(nudges.calls).toEqual([{ bodies: ['{"kind":"look"}'], delaySeconds }]);
    expect(lines).toHaveLength(1);
  },
);

it("a hold that was there before has nobody look again, and one that ends has neither", async () => {
  const { changes, nudges, hold } = world();
  await hold(nineOClock + 1_000);
  await hold(nineOClock + 1_000);
  await changes.change((state) => ({ ...state, hold: undefined }));
  expect(nudges.calls).toHaveLength(1);
  await hold(nineOClock + 2_000);
  expect(nudges.calls).toHaveLength(2);
});

it("tells which epoch is in force then, also where another execution's change began it", async () => {
  const { account, changes } = world();
  expect(await changes.change((state) => ({ ...state, epoch: 4 }))).toBe(4);
  await account.change((state) => ({ account: { ...state, epoch: 7 }, result: undefined }));
  expect(await changes.change((state) => state)).toBe(7);
});
