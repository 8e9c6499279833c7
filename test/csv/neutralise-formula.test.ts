import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutraliseFormula, restoreFormula } from "../../shared/csv/neutralise-formula.ts";

describe("neutraliseFormula", () => {
  it.each([
    "=1+1",
    "+SUM(A1)",
    "-2+A1",
    "@cmd",
    "\tx",
    "\rx",
    "\nx",
    "=",
    "+",
    "-",
    "＝1+1",
    "＠x",
    "＋1+1",
    "－1",
    "－2+A1",
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

  it.each([
    "",
    "hello",
    "a=1",
    " =1",
    "'tis",
    "日本",
    "ｶﾅ",
    "（x",
    "～x",
    "😀",
    "12-3",
    "a; b",
    "10,5",
    "a\nb\n\nc",
    "a, -b",
  ])("leaves the text %j alone", (cell) => expect(neutraliseFormula(cell)).toBe(cell));

  it.each([
    ["a;=1+1", "a;'=1+1"],
    ["x\t=cmd", "x\t'=cmd"],
    ["a,+1|-2;@b", "a,'+1|'-2;'@b"],
    ["two\r\n=lines\n-and\r+more", "two\r\n'=lines\n'-and\r'+more"],
    ["a;＝1", "a;'＝1"],
    // A quotation mark may open a cell, or be dropped.
    ['a;"=1+1"', 'a;\'"=1+1"'],
    ['a;""=1', 'a;\'""=1'],
    ["=1;=2", "'=1;'=2"],
    // A number within a cell goes on with whatever follows the cell.
    ["a;+44", "a;'+44"],
    // What looks neutralised already is the customer's own, and must come back as it was.
    ["'=1", "''=1"],
    ["a;'=1", "a;''=1"],
  ])("keeps %j from being a formula with any separator", (cell, safe) => {
    expect(neutraliseFormula(cell)).toBe(safe);
    expect(restoreFormula(safe)).toBe(cell);
  });

  it("lets no text through that begins like a formula and holds more than a number", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "\0"),
        fc.string({ unit: "grapheme" }),
        (first, rest) => {
          const safe = neutraliseFormula(first + rest);
          // Whatever is left as it is has no letter, no reference, no call and no quote in it.
          return safe.startsWith(`'${first}`) || /^[+-][\d\s().,/'’%eE+-]*\d[\d\s().,/'’%-]*$/.test(safe);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  /** Texts of what matters here. */
  const awkward = fc.string({ unit: fc.constantFrom(..."'\"=+-@,;|\t\r\n ab1＝\0") });

  it("leaves no formula behind any separator", () => {
    fc.assert(
      fc.property(awkward, (cell) => {
        const starts = neutraliseFormula(cell)
          .split(/[,;|\t\r\n]/)
          .slice(1);
        expect(starts.filter((start) => /^"*[=+\-@＝]/.test(start))).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it("only adds apostrophes, and restoring takes away the same ones", () => {
    fc.assert(
      fc.property(fc.oneof(awkward, fc.string({ unit: "grapheme" })), (cell) => {
        const safe = neutraliseFormula(cell);
        expect(safe.replaceAll("'", "")).toBe(cell.replaceAll("'", ""));
        expect(restoreFormula(safe)).toBe(cell);
      }),
      { numRuns: 10_000 },
    );
  });
});
