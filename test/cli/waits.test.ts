import { expect, test } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import type { BatchItem } from "../../shared/ledger/batch-item.ts";
import { createWaits } from "../../shared/report/waits.ts";
import { campaign } from "../report/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const running = campaign({ state: "running", end: undefined, mark: 0, lastBatch: 3 });
const account = { ...freshAccount, nextFreeAt: nineOClock };

const claimed = (batch: number, firing: number[], leaseUntil: number): BatchItem => ({
  state: "claimed",
  batch,
  prev: batch - 1,
  rows: 5,
  turn: 1,
  outcomes: [],
  expiresAt: 0,
  token: "t",
  leaseUntil,
  firing,
});

const waits = (...items: BatchItem[]) =>
  createWaits({
    between: async function* () {
      yield* items;
    },
  });

test("a campaign of which nothing is recorded says how many answers it waits for, but only after a while", async () => {
  const waitsFor = waits(claimed(1, [1, 2], nineOClock + 30_000), claimed(2, [6], nineOClock - 1));
  expect(await waitsFor(running, account, nineOClock)).toBeUndefined();
  expect(await waitsFor(running, account, nineOClock + 1_900)).toBeUndefined();
  expect(await waitsFor(running, account, nineOClock + 2_500)).toBe("Waiting for the answers of 2 calls.");
});

test("a probe is named, and so is a queue that is slow", async () => {
  const probed = { ...account, probe: { token: "p", leaseUntil: nineOClock + 60_000 } };
  const waitsFor = waits();
  await waitsFor(running, account, nineOClock);
  expect(await waitsFor(running, probed, nineOClock + 3_000)).toMatch(/^One message is tried first/);
  expect(await waitsFor(running, account, nineOClock + 5_000)).toBe("Waiting for the next messages to be taken up.");
});

test("rows that wait for their recipients' hours are not said to be taken up next", async () => {
  const window = { from: "09:00", to: "17:00", timezone: "recipient", days: undefined };
  const zones = [
    { zones: ["Europe/London"], rows: 1 },
    { zones: ["America/New_York"], rows: 4 },
  ];
  const abroad = { ...running, options: { ...running.options, window }, zones };
  const waitsFor = waits();
  await waitsFor(abroad, account, nineOClock);
  const opening = Date.parse("2026-03-02T14:00:00Z");
  const at = opening - 4 * 3600_000;
  expect(await waitsFor(abroad, account, at)).toBe(
    "What is left waits for its recipients' hours, of which the next begin at 2026-03-02 14:00 UTC, or to be taken up.",
  );
  expect(await waitsFor(abroad, account, opening + 60_000)).toBe("Waiting for the next messages to be taken up.");
});
