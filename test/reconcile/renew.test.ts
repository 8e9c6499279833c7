import { describe, expect, it } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { LedgerProgress } from "../../shared/reconcile/read-progress.ts";
import { nextPass, renewal } from "../../shared/reconcile/renew.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const seen = (changes: Partial<LedgerProgress> = {}): LedgerProgress => ({
  mark: 2,
  markRows: 4,
  done: new Set(),
  left: new Map(),
  hours: { changed: false, at: nineOClock },
  queuedRows: 8,
  leasedUntil: undefined,
  recordedAt: 0,
  ...changes,
});

const minute = 60_000;

/** Renewal so long after the pass began, with a visibility time-out of a minute and half a minute queued. */
const after = (ms: number, changes: Partial<CommittedCampaign> = {}, found = seen()) =>
  renewal(running({ pointer: 6, ...changes }), found, {
    visibilityMs: minute,
    queuedMs: 30_000,
    now: nineOClock + ms,
  });

describe("a pass", () => {
  it("that is parked is renewed at once; one parked before is not", () => {
    expect(after(1, { pass: 3, parked: 3 })).toBe("parked");
    expect(after(1, { pass: 3, parked: 2 })).toBeUndefined();
  });

  it("is stalled when nothing was recorded for the visibility time-out and twice what is queued", () => {
    expect(after(2 * minute)).toBeUndefined();
    expect(after(2 * minute + 1)).toBe("stalled");
  });

  it("counts from the last record, whether the tally or the ledger tells of it", () => {
    const tally = { ...running().tally, lastRecordAt: nineOClock + minute };
    expect(after(3 * minute, { tally })).toBeUndefined();
    expect(after(3 * minute + 1, { tally })).toBe("stalled");
    expect(after(3 * minute, {}, seen({ recordedAt: nineOClock + minute }))).toBeUndefined();
  });

  it("of which everything fed is done is not stalled, however long ago that was", () => {
    expect(after(100 * minute, { pointer: 2 })).toBeUndefined();
  });

  it("of which nothing is queued, but something not done, is stalled all the same", () => {
    expect(after(2 * minute + 1, {}, seen({ queuedRows: 0 }))).toBe("stalled");
  });

  it("after passes in vain is given twice as long each time, an hour at most", () => {
    for (const [stalls, patience] of [
      [1, 4],
      [2, 8],
      [3, 16],
      [4, 32],
      [5, 60],
      [50, 60],
    ] as const) {
      expect(after(patience * minute, { stalls })).toBeUndefined();
      expect(after(patience * minute + 1, { stalls })).toBe("stalled");
    }
  });

  it("has its usual patience again as soon as something is recorded in it", () => {
    const recorded = seen({ recordedAt: nineOClock + 1 });
    expect(after(2 * minute + 2, { stalls: 5 }, recorded)).toBe("stalled");
  });
});

describe("the next pass", () => {
  it("is fed from the first batch not done", () => {
    const next = nextPass(
      running({ pass: 3, parked: 3, pointer: 6, pointerRows: 12 }),
      seen(),
      "parked",
      nineOClock + 1,
    );
    expect(next).toEqual({
      pass: 4,
      passStartedAt: nineOClock + 1,
      parked: undefined,
      pointer: 2,
      pointerRows: 4,
      mark: 2,
      markRows: 4,
      stalls: 0,
    });
  });

  it("counts a pass as in vain whose only record is of the instant in which it began", () => {
    const recorded = seen({ recordedAt: nineOClock });
    expect(nextPass(running({ stalls: 2 }), recorded, "stalled", nineOClock).stalls).toBe(3);
  });

  it("counts stalls in a row", () => {
    expect(nextPass(running({ stalls: 2 }), seen(), "stalled", nineOClock).stalls).toBe(3);
    expect(nextPass(running({ stalls: 2 }), seen(), "parked", nineOClock).stalls).toBe(0);
    expect(nextPass(running({ stalls: 2 }), seen({ recordedAt: nineOClock + 1 }), "stalled", nineOClock).stalls).toBe(
      1,
    );
  });
});

describe("by the recipients' clocks", () => {
  const hours = {
    options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } },
    zones: [{ zones: ["Europe/London"], rows: 20 }],
  };
  const day = 24 * 60 * minute;

  it("a pass is renewed when anybody's hours begin or end, however little was fed", () => {
    const found = seen({ hours: { changed: true, at: nineOClock + 5 } });
    expect(after(1, hours, found)).toBe("hours");
    expect(after(1, { ...hours, pointer: 2 }, found)).toBe("hours");
    expect(nextPass(running({ ...hours, stalls: 2, passedOver: 7 }), found, "hours", nineOClock + 9)).toMatchObject({
      pass: 2,
      passStartedAt: nineOClock + 9,
      hoursAt: nineOClock + 5,
      passedOver: undefined,
      stalls: 0,
    });
  });

  it("a pass in which everything waits for its hours is not stalled; one that lost a message is", () => {
    expect(after(day, hours, seen({ queuedRows: 0 }))).toBeUndefined();
    expect(after(day, hours, seen({ queuedRows: 2 }))).toBe("stalled");
  });
});
