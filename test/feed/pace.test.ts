import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delaySeconds, rowsInTurn } from "../../shared/feed/pace.ts";
import { nineOClock } from "../support/manual-clock.ts";

const pace = { since: nineOClock, rowsAhead: 0, rate: 10 };

describe("how long a message stays invisible", () => {
  it("is until five seconds before its turn of half a minute", () => {
    expect(rowsInTurn(10)).toBe(300);
    const delays = [0, 299, 300, 599, 600].map((rows) => delaySeconds(pace, rows, nineOClock));
    expect(delays).toEqual([0, 0, 25, 25, 55]);
    expect(delaySeconds({ ...pace, rowsAhead: 100 }, 0, nineOClock)).toBe(5);
    expect(delaySeconds(pace, 300, nineOClock + 4_000)).toBe(21);
  });

  it("is until longer before its turn of a minute at a slow rate, because a batch's rows count as queued until the last is sent", () => {
    expect([1, 4.9, 5].map(rowsInTurn)).toEqual([60, 294, 150]);
    const slow = [0, 59, 60, 120].map((rows) => delaySeconds({ ...pace, rate: 1 }, rows, nineOClock));
    expect(slow).toEqual([0, 0, 52, 112]);
  });

  it("is its own for each row where a row takes longer than a sender needs to begin", () => {
    expect([0.1, 0.19, 0.2, 0.3].map(rowsInTurn)).toEqual([1, 1, 12, 18]);
    expect([0, 1, 2].map((rows) => delaySeconds({ ...pace, rate: 0.1 }, rows, nineOClock))).toEqual([0, 5, 15]);
  });

  it("is never so long that a row at the rate would be late, and never longer than SQS takes", () => {
    const rate = fc.oneof(fc.double({ min: 0.05, max: 5, noNaN: true }), fc.double({ min: 5, max: 1000, noNaN: true }));
    const rows = fc.nat(100_000);
    fc.assert(
      fc.property(rate, rows, rows, (perSecond, rowsAhead, rowsBefore) => {
        const delay = delaySeconds({ since: nineOClock, rowsAhead, rate: perSecond }, rowsBefore, nineOClock);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(900);
        expect(delay).toBeLessThanOrEqual(Math.max(0, (rowsAhead + rowsBefore) / perSecond - 5 + 1e-6));
      }),
    );
  });
});
