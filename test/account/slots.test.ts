import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshAccount, takeSlots } from "../../shared/account/account.ts";
import { intervalMs, lateToleranceMs, slotsAtOnce } from "../../shared/account/slots.ts";
import { nineOClock } from "../support/manual-clock.ts";

/** Rates as people set them: any, whole ones, and those a hair below and above whole ones. */
const rates = fc.oneof(
  fc.double({ min: 0.05, max: 1000, noNaN: true }),
  fc.integer({ min: 1, max: 1000 }),
  fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.double({ min: 0.0001, max: 0.05, noNaN: true }), fc.boolean())
    .map(([whole, hair, below]) => (below ? whole - hair : whole + hair)),
);

/** Most calls of any half-open second. */
const busiestSecond = (calls: readonly number[]): number => {
  const sorted = calls.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[from] ?? at) >= 1000) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
};

const allowed = (rate: number) => (rate > 100 ? rate * 1.01 + 1 : rate + 1);

it("a rate just below a whole number is used a little slower, above 100/s at its own", () => {
  expect(intervalMs(99.9)).toBe(1000 / 99.5);
  expect(intervalMs(199.9)).toBe(1000 / 199.9);
});

describe("any second, at rates from 0.05 to 1000", () => {
  it("holds at most rate + 1 calls (above 100: rate + 1 % + 1), however late each call uses its slot", () => {
    fc.assert(
      fc.property(
        rates,
        fc.array(
          fc.record({
            rows: fc.integer({ min: 1, max: 50 }),
            // Punctual, as late as can be, or anything between.
            lateness: fc.oneof(fc.constant(0), fc.constant(0.999), fc.double({ min: 0, max: 0.999, noNaN: true })),
            pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
            holder: fc.constantFrom("a", "b"),
          }),
          { minLength: 2, maxLength: 12 },
        ),
        (rate, asks) => {
          let account = { ...freshAccount, rate, nextFreeAt: nineOClock };
          let now = nineOClock;
          const calls: number[] = [];
          for (const { rows, lateness, pause, holder } of asks) {
            now = Math.max(now + pause, account.nextFreeAt - 1000);
            const grant = takeSlots(account, { ...request, rows, holder }, now);
            if (grant.kind !== "slots") throw new Error(`There were no slots: ${grant.kind}.`);
            account = { ...grant.account, rate };
            calls.push(...grant.slots.map((slot, index) => slot + lateAt(index, lateness) * lateToleranceMs(rate)));
          }
          expect(busiestSecond(calls)).toBeLessThanOrEqual(allowed(rate));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("holds no more when the first call of a row of slots is late and all others are punctual", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const calls = Array.from({ length: 2 * Math.ceil(rate) + 3 }, (_, index) => index * intervalMs(rate));
        calls[0] = 0.999 * lateToleranceMs(rate);
        expect(busiestSecond(calls)).toBeLessThanOrEqual(allowed(rate));
      }),
      { numRuns: 1000 },
    );
  });

  it("has room for 99 % of the rate", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        expect(1000 / intervalMs(rate)).toBeGreaterThanOrEqual(0.99 * rate);
      }),
    );
  });

  it("never has slots closer together than the rate says", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        expect(intervalMs(rate)).toBeGreaterThanOrEqual(1000 / rate);
      }),
    );
  });
});

describe("how late a slot may be used", () => {
  it("leaves timers five milliseconds at every rate, and makes nobody wait longer than half a second", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        expect(lateToleranceMs(rate)).toBeGreaterThanOrEqual(5);
        expect(lateToleranceMs(rate)).toBeLessThanOrEqual(500);
      }),
    );
  });

  it.each([
    [1, 500],
    [2, 500],
    [10, 100],
    [50, 20],
    [99, 1000 / 99],
    [100, 10],
    [1000, 10],
  ])("is at %d a second %d ms: an interval, or 10 ms", (rate, ms) => {
    expect(lateToleranceMs(rate)).toBeCloseTo(ms, 6);
  });
});

it("gives a second of an execution's slots at once, or up to five within five seconds, or one when that takes longer", () => {
  const rates = [0.05, 0.39, 0.4, 0.9, 1, 2.5, 10, 200, 201, 999.9];
  expect(rates.map((rate) => slotsAtOnce(rate))).toEqual([1, 1, 2, 4, 5, 5, 10, 200, 100, 199]);
  expect(rates.map((rate) => slotsAtOnce(rate, 1000))).toEqual([1, 1, 2, 4, 5, 5, 10, 200, 201, 999]);
});

const request = {
  latest: Number.POSITIVE_INFINITY,
  ceiling: 1000,
  probeToken: "p",
  probeLeaseMs: 35_000,
  answerStats: { answered: false, accepted: false, answerMs: 0 },
};

const lateAt = (index: number, lateness: number) => (index % 3 === 0 ? lateness : index % 3 === 1 ? 0 : lateness / 2);
