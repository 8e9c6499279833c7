import { describe, expect, it } from "vitest";
import type { BatchItem } from "../../shared/ledger/batch-item.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { progressOf, withinHours } from "../../shared/send/batch-progress.ts";
import { batchMessage, open, running, sendRow, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const item = (...outcomes: Outcome[]): BatchItem => ({
  batch: 1,
  prev: 0,
  rows: 2,
  turn: 1,
  outcomes,
  expiresAt: 1,
  state: "open",
});
const suppressed = batchMessage(1, { rows: [sendRow(2)], skipped: [{ row: 1, detail: "on a list" }] });
const skipped: Outcome = { row: 1, status: "skipped", detail: "on a list", attempts: 0 };

describe("the progress of a batch", () => {
  it("keeps the rows whose hours it is; a window that is the same for all leaves it to the campaign to wait", () => {
    const window = { from: "10:00", to: "20:00", timezone: "recipient" };
    const zones = [
      { zones: ["Europe/London"], rows: 1 },
      { zones: ["Asia/Tokyo"], rows: 1 },
    ];
    const message = batchMessage(1, { rows: [sendRow(1, { zone: 0 }), sendRow(2, { zone: 1 })] });
    const progress = progressOf(message, undefined);
    expect(withinHours(progress, running({ options: { window }, zones }), nineOClock)).toMatchObject({
      left: [{ row: 2 }],
      later: { from: nineOClock + 3_600_000 },
    });
    const closed = running({ options: { window: { ...window, timezone: "UTC" } } });
    expect(withinHours(progress, closed, nineOClock)).toBe(progress);
  });

  it("waits for the hours that begin first", () => {
    const window = { from: "09:00", to: "20:00", timezone: "recipient" };
    const zones = ["America/Los_Angeles", "America/St_Johns", "America/New_York"].map((zone) => ({
      zones: [zone],
      rows: 1,
    }));
    const message = batchMessage(1, { rows: [0, 1, 2].map((zone) => sendRow(zone + 1, { zone })) });
    const { left, later } = withinHours(
      progressOf(message, undefined),
      running({ options: { window }, zones }),
      nineOClock,
    );
    expect(left).toEqual([]);
    // Newfoundland is three hours and a half behind.
    expect(later).toEqual({ from: nineOClock + 3.5 * 3_600_000 });
  });

  it("waits for no hours of rows whose zone nobody knows: they never come", () => {
    const window = { from: "09:00", to: "20:00", timezone: "recipient" };
    const campaign = running({ options: { window }, zones: [{ zones: ["America/New_York"], rows: 1 }] });
    const unknown = progressOf(batchMessage(1, { rows: [sendRow(1)] }), undefined);
    expect(withinHours(unknown, campaign, nineOClock)).toMatchObject({ left: [], later: { from: undefined } });
    const both = progressOf(batchMessage(1, { rows: [sendRow(1), sendRow(2, { zone: 0 })] }), undefined);
    expect(withinHours(both, campaign, nineOClock)).toMatchObject({
      left: [],
      later: { from: nineOClock + 5 * 3_600_000 },
    });
  });

  it("leaves the rows that are not over", () => {
    expect(progressOf(batchMessage(1), undefined).left.map(({ row }) => row)).toEqual([1, 2]);
    expect(progressOf(batchMessage(1), item(submitted(1), open(2))).left.map(({ row }) => row)).toEqual([2]);
  });

  it("skips rows that are suppressed by now, tried ones with their attempts", () => {
    expect(progressOf(suppressed, undefined).skipped).toEqual([skipped]);
    expect(progressOf(suppressed, item(open(1, { attempts: 3 }))).skipped).toEqual([{ ...skipped, attempts: 3 }]);
  });

  it("skips no row that is over: what was sent stays sent, and nothing is counted twice", () => {
    for (const over of [skipped, submitted(1)]) {
      const { skipped: fresh, outcomes } = progressOf(suppressed, item(over));
      expect(fresh).toEqual([]);
      expect(outcomes.get(1)).toEqual(over);
    }
  });
});
