import { expect, it } from "vitest";
import type { BatchItem } from "../../shared/ledger/batch-item.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { recentReasons } from "../../shared/report/recent-reasons.ts";
import { campaign } from "./factories.ts";

const done = (batch: number, ...outcomes: Outcome[]): BatchItem => ({
  state: "done",
  batch,
  prev: batch - 1,
  rows: outcomes.length,
  turn: 1,
  outcomes,
  expiresAt: 0,
});

const tally = { submitted: 1, failed: 2, unknown: 1, skipped: 0, recentCalls: 0, recentFailed: 0 };
const running = campaign({ state: "running", end: undefined, pointer: 1_000, lastBatch: 5_000, tally });

it("says why rows failed or are in doubt while a campaign runs, and reads only its newest batches", async () => {
  const asked: [number, number][] = [];
  const batches = {
    between: async function* (_campaign: string, from: number, to: number) {
      asked.push([from, to]);
      yield done(
        999,
        { row: 1, status: "failed", code: 403, attempts: 1 },
        { row: 2, status: "submitted", attempts: 1 },
      );
      yield done(
        1_000,
        { row: 3, status: "failed", code: 403, attempts: 1 },
        { row: 4, status: "unknown", detail: "The connection broke", attempts: 1 },
      );
    },
  };
  const reasons = await recentReasons(batches, running);
  expect(asked).toEqual([[801, 1_000]]);
  expect(reasons.map(({ status, code, count, rows }) => ({ status, code, count, rows }))).toEqual([
    { status: "failed", code: 403, count: 2, rows: [1, 3] },
    { status: "unknown", code: undefined, count: 1, rows: [4] },
  ]);
  expect(await recentReasons(batches, { ...running, tally: { ...tally, failed: 0, unknown: 0 } })).toEqual([]);
  expect(asked).toHaveLength(1);
});

it("reads up to the plan's end once a new pass has begun, from its first batch on, and wherever anything failed", async () => {
  const asked: [number, number][] = [];
  const batches = {
    between: async function* (_campaign: string, from: number, to: number) {
      asked.push([from, to]);
      yield done(1, { row: 1, status: "unknown", attempts: 1 });
    },
  };
  const reading = (changes: Partial<typeof running>) => recentReasons(batches, { ...running, ...changes });
  await reading({ pointer: 0, lastBatch: 150 });
  await reading({ pointer: 0, lastBatch: 201 });
  const [only] = await reading({ tally: { ...tally, failed: 1, unknown: 1 } });
  await reading({ tally: { ...tally, failed: 0, unknown: 1 } });
  await reading({ tally: { ...tally, failed: 1, unknown: 0 } });
  expect(asked).toEqual([
    [1, 150],
    [2, 201],
    [801, 1_000],
    [801, 1_000],
    [801, 1_000],
  ]);
  expect(only).toMatchObject({ status: "unknown", count: 1, rows: [1], lines: [] });
  expect(await reading({ pointer: 0, lastBatch: 0 })).toEqual([]);
  expect(asked).toHaveLength(5);
});
