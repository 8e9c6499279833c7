import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutraliseFormula } from "../../shared/csv/neutralise-formula.ts";

describe("neutraliseFormula", () => {
  it.each([
    "=1+1",
    "+SUM(A1)",
    "-2+A1",
    "@cmd",
    "\t=1",
    "\r=1",
    "\n=1",
    "=",
    "+",
    "-",
    "＝1+1",
    "＠x",
    "+1|cmd",
    "--1",
  ])("puts an apostrophe before %j", (cell) => expect(neutraliseFormula(cell)).toBe(`'${cell}`));

  it.each([
    "+44 7700 900123",
    "+447700900123",
    "+44 (0)20 7946-0958",
    "-12.5",
    "+1",
    "-1,234.56",
    "-5 %",
    "-.5",
    "-1e5",
  ])("leaves the number %j alone", (cell) => expect(neutraliseFormula(cell)).toBe(cell));

  it.each(["", "hello", "a=1", " =1", "'=1", "日本", "ｶﾅ", "😀", "12-3"])("leaves the text %j alone", (cell) =>
    expect(neutraliseFormula(cell)).toBe(cell),
  );

  it("lets no text through that begins like a formula and holds more than a number", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "\0"),
        fc.string({ unit: "grapheme" }),
        (first, rest) => {
          const cell = first + rest;
          const safe = neutraliseFormula(cell);
          // Whatever is left as it is has no letter, no reference, no call and no quote in it.
          return safe === `'${cell}` || /^[+-][\d\s().,/'’%eE+-]*\d[\d\s().,/'’%-]*$/.test(cell);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("changes nothing but by one apostrophe in front, and nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (cell) => {
        const once = neutraliseFormula(cell);
        expect([cell, `'${cell}`]).toContain(once);
        expect(neutraliseFormula(once)).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });
});
