import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ratesFor, sites } from "../../infra/rates.ts";
import { lanesOf, slotsAtOnce, usualLaneRate } from "../../shared/account/slots.ts";
import { rowsInTurn } from "../../shared/feed/pace.ts";
import { leaseSlackMs } from "../../shared/send/lease.ts";

const everyRate = () =>
  fc.oneof(
    fc.constantFrom(0.05, 0.1, 0.5, 1, 1.5, 2, 5, 9.9, 10, 24.5, 25, 26, 50, 99, 100, 101, 500, 999, 1000),
    fc.double({ min: 0.05, max: 1000, noNaN: true }),
  );

describe("From 0.05 to 1000 calls a second", () => {
  test("a batch has 1 to 25 rows: about a second of sending, or at a slow rate up to five in up to five seconds", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { batchRows } = ratesFor(rate);
        expect(batchRows).toBeGreaterThanOrEqual(1);
        expect(batchRows).toBeLessThanOrEqual(25);
        expect(Number.isInteger(batchRows)).toBe(true);
        if (rate >= 5 && rate <= 25) expect(Math.abs(batchRows - rate)).toBeLessThanOrEqual(0.5);
        if (rate < 5) expect(batchRows).toBeLessThanOrEqual(Math.max(1, slotsAtOnce(rate)));
        if (batchRows > 1) expect((batchRows - 1) / rate).toBeLessThanOrEqual(5);
      }),
    );
  });

  test("an invocation gets a turn of the feed and a quarter, as far as 300 messages go", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { batchesPerInvocation, batchRows } = ratesFor(rate);
        expect(batchesPerInvocation).toBeGreaterThanOrEqual(1);
        expect(batchesPerInvocation).toBeLessThanOrEqual(300);
        const rows = batchesPerInvocation * batchRows;
        if (batchesPerInvocation < 20) expect(rows).toBeGreaterThanOrEqual(1.25 * rowsInTurn(rate) - 1e-9);
        if (batchesPerInvocation > 2) expect(rows - batchRows).toBeLessThanOrEqual(1.25 * rowsInTurn(rate) + 1e-9);
      }),
    );
  });

  test("2 to 10 consumers: Lambda's minimum for a queue, and what a new account can run at once", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { consumers } = ratesFor(rate);
        expect(consumers).toBeGreaterThanOrEqual(2);
        expect(consumers).toBeLessThanOrEqual(10);
      }),
    );
  });

  test("as many consumers as send side by side, each as fast as its share of a processor lets it, and as many again", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        expect(ratesFor(rate).consumers).toBeGreaterThanOrEqual(2 * Math.ceil(rate / usualLaneRate));
        expect(sites.aws.laneRate).toBe(usualLaneRate);
      }),
    );
  });

  test("the consumers together reach the rate though each needs two seconds beside its sending", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { consumers, batchesPerInvocation, batchRows } = ratesFor(rate);
        const rows = batchesPerInvocation * batchRows;
        expect((consumers * rows) / (rows / rate + 2)).toBeGreaterThanOrEqual(rate);
      }),
    );
  });

  test("the function may wait for all the others, send, and await its last answer, within Lambda's 900 seconds", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const rates = ratesFor(rate);
        const sendingSeconds = (rates.consumers * rates.batchesPerInvocation * rates.batchRows) / rate;
        expect(rates.senderTimeoutSeconds).toBeGreaterThanOrEqual(sendingSeconds + rates.answerTimeoutMs / 1000);
        expect(rates.senderTimeoutSeconds).toBeLessThanOrEqual(900);
        expect(Number.isInteger(rates.senderTimeoutSeconds)).toBe(true);
      }),
    );
  });

  test("a call has 2.7 milliseconds of a processor, within what a new account gives a function", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { senderMemoryMiB } = ratesFor(rate);
        expect(senderMemoryMiB / 1769).toBeGreaterThanOrEqual((2.7 * rate) / lanesOf(rate) / 1000);
        expect(senderMemoryMiB).toBeGreaterThanOrEqual(192);
        expect(senderMemoryMiB).toBeLessThanOrEqual(3008);
      }),
    );
  });

  test("a lease ends before its message is visible again", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { senderTimeoutSeconds, visibilitySeconds } = ratesFor(rate);
        expect(senderTimeoutSeconds + leaseSlackMs / 1000).toBeLessThan(visibilitySeconds);
        expect(visibilitySeconds).toBeLessThanOrEqual(43_200);
        expect(Number.isInteger(visibilitySeconds)).toBe(true);
      }),
    );
  });
});

describe("On one machine, from 0.05 to 1000 calls a second", () => {
  test("a batch is a fifth of a second, and an invocation two seconds, or up to ten batches where those take longer", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { batchRows, batchesPerInvocation } = ratesFor(rate, sites.local);
        expect(batchRows).toBe(Math.min(25, Math.max(1, Math.round(rate / 5))));
        expect(batchesPerInvocation).toBeGreaterThanOrEqual(1);
        expect(batchesPerInvocation).toBeLessThanOrEqual(Math.max(10, (2 * rate) / batchRows));
      }),
    );
  });

  test("however fast, one execution sends and another waits for its turn: each has all its code and memory for itself", () => {
    const fast = everyRate().filter((rate) => rate >= 10);
    fc.assert(
      fc.property(fast, (rate) => {
        const { consumers, senderMemoryMiB } = ratesFor(rate, sites.local);
        expect(consumers).toBeLessThanOrEqual(3);
        expect(senderMemoryMiB).toBeLessThanOrEqual(ratesFor(rate).senderMemoryMiB);
      }),
    );
  });

  test("the consumers, 2 to 10, together reach the rate though each needs two seconds beside its sending", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { consumers, batchesPerInvocation, batchRows } = ratesFor(rate, sites.local);
        const rows = batchesPerInvocation * batchRows;
        expect((consumers * rows) / (rows / rate + 2)).toBeGreaterThanOrEqual(rate - 1e-9);
        expect(consumers).toBeGreaterThanOrEqual(2);
        expect(consumers).toBeLessThanOrEqual(10);
      }),
    );
  });

  test("from 5 a second what a dead sender had claimed is seen again within a minute and four seconds, after every lease", () => {
    fc.assert(
      fc.property(everyRate(), (rate) => {
        const { consumers, batchesPerInvocation, batchRows, ...rates } = ratesFor(rate, sites.local);
        const sendingSeconds = (consumers * batchesPerInvocation * batchRows) / rate;
        expect(rates.senderTimeoutSeconds).toBeGreaterThanOrEqual(sendingSeconds + rates.answerTimeoutMs / 1000);
        expect(rates.senderTimeoutSeconds + leaseSlackMs / 1000).toBeLessThan(rates.visibilitySeconds);
        if (rate >= 5) expect(rates.visibilitySeconds).toBeLessThanOrEqual(64);
      }),
    );
  });
});

test.each([0, 0.049, 1000.1, -1, Number.NaN, Number.POSITIVE_INFINITY])("a rate of %d is refused by name", (rate) => {
  expect(() => ratesFor(rate)).toThrow(/sendsPerSecond is .*, but must be from 0\.05 to 1000/);
});

test("where records cost nothing, rows share a batch at slow rates no more than at others", () => {
  expect([0.5, 1, 2, 5, 10].map((rate) => ratesFor(rate, sites.local).batchRows)).toEqual([1, 1, 1, 1, 2]);
});
