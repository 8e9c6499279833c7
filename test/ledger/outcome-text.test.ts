import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { OutcomesText, writeOutcomes } from "../../shared/ledger/outcome-text.ts";

const outcome = (): fc.Arbitrary<Outcome> =>
  fc.record({
    row: fc.integer({ min: 1, max: 10_000_000 }),
    status: fc.constantFrom("submitted", "failed", "unknown", "skipped", "open"),
    attempts: fc.nat({ max: 50 }),
    at: fc.option(fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }), { nil: undefined }),
    ms: fc.option(fc.nat({ max: 60_000 }), { nil: undefined }),
    code: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
    key: fc.option(fc.string(), { nil: undefined }),
    detail: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
  });

describe("outcomes in the ledger", () => {
  test("come back as they were written", () => {
    fc.assert(
      fc.property(fc.array(outcome(), { maxLength: 25 }), (outcomes) => {
        expect(OutcomesText.parse(writeOutcomes(outcomes))).toEqual(outcomes);
      }),
    );
  });

  test("without an instant, or with nothing but a status, stay so", () => {
    const bare: Outcome[] = [
      { row: 1, status: "open", attempts: 0 },
      { row: 2, status: "skipped", attempts: 0, detail: "on a list" },
    ];
    expect(OutcomesText.parse(writeOutcomes(bare)).map(({ at, ms, code, key }) => [at, ms, code, key])).toEqual([
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
    ]);
    // What is not there takes no room at the end.
    expect(JSON.parse(writeOutcomes(bare))).toEqual({
      from: 0,
      rows: [
        [1, "o", 0],
        [2, "k", 0, null, null, null, null, "on a list"],
      ],
    });
  });

  test("of a full batch accepted at once leave the item within a kilobyte, which is what a write costs by", () => {
    const outcomes = Array.from({ length: 25 }, (_, index): Outcome => {
      return {
        row: 999_976 + index,
        status: "submitted",
        attempts: 1,
        at: 1_790_000_000_000 + index * 20,
        ms: 187,
        code: 204,
      };
    });
    expect(writeOutcomes(outcomes).length).toBeLessThan(800);
  });

  test("whatever else stands there is an issue, not an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => OutcomesText.safeParse(text)).not.toThrow();
      }),
    );
    for (const text of ["", "[{", "null", "[]", '{"from":0,"rows":[[0,"s",1]]}', '{"from":0,"rows":[[1,"x",1]]}'])
      expect(OutcomesText.safeParse(text).success).toBe(false);
  });
});
