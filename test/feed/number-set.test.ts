import fc from "fast-check";
import { expect, it } from "vitest";
import { createNumberSet } from "../../shared/feed/number-set.ts";

it("holds exactly what a set of texts would hold, with leading zeros, with and without a plus, and whatever is too long", () => {
  const form = fc.stringMatching(/^\+?0{0,3}\d{0,18}$/);
  fc.assert(
    fc.property(fc.array(form, { maxLength: 2000 }), fc.array(form, { maxLength: 100 }), (listed, asked) => {
      const numbers = createNumberSet();
      for (const one of listed) numbers.add(one);
      const expected = new Set(listed);
      for (const one of [...listed, ...asked, ...listed.map((one) => `0${one}`)]) {
        expect(numbers.has(one)).toBe(expected.has(one));
      }
    }),
    { numRuns: 30 },
  );
});

it("takes some bytes a number, not hundreds", () => {
  const numbers = createNumberSet();
  const before = process.memoryUsage();
  for (let at = 0; at < 400_000; at++) numbers.add(`+44${7_000_000_000 + at * 13}`);
  const after = process.memoryUsage();
  expect(numbers.has("+447000000013")).toBe(true);
  expect(numbers.has("+447000000014")).toBe(false);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(400_000 * 48);
});

it.each([14, 15, 16, 17, 18])("tells numbers of %i digits apart by their last digit and their plus", (digits) => {
  const numbers = createNumberSet();
  const number = (last: number) => "9".repeat(digits - 1) + last;
  numbers.add(number(4));
  for (let last = 0; last <= 9; last++) expect(numbers.has(number(last))).toBe(last === 4);
  expect(numbers.has(`+${number(4)}`)).toBe(false);
});
