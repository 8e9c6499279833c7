import fc from "fast-check";
import { expect, it } from "vitest";
import { createNumberSet } from "../../shared/feed/number-set.ts";

it("holds exactly what a set of texts would hold, with leading zeros, with and without a plus, and whatever is too long", () => {
  const form = fc.stringMatching(/^\+?0{0,3}\d{0,18}$/);
  fc.assert(
    fc.property(fc.array(form, { maxLength: 300 }), fc.array(form, { maxLength: 30 }), (listed, asked) => {
      const numbers = createNumberSet();
      for (const one of listed) numbers.add(one);
      const expected = new Set(listed);
      const wrong = [...listed, ...asked, ...listed.map((one) => `0${one}`)].filter(
        (one) => numbers.has(one) !== expected.has(one),
      );
      expect(wrong).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it("forgets none and makes none up while its tables grow, several times over", () => {
  const numbers = createNumberSet();
  const number = (at: number) => `+44${7_000_000_000 + at}`;
  for (let at = 0; at < 16_000; at += 2) numbers.add(number(at));
  const wrong = Array.from({ length: 16_000 }, (_, at) => at).filter(
    (at) => numbers.has(number(at)) !== (at % 2 === 0),
  );
  expect(wrong).toEqual([]);
});

it("takes some bytes a number, not hundreds", () => {
  const grownBy = () => {
    const numbers = createNumberSet();
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 20_000; at++) numbers.add(`+44${7_000_000_000 + at * 13}`);
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(numbers.has("+447000000013")).toBe(true);
    expect(numbers.has("+447000000014")).toBe(false);
    return grown;
  };
  // What earlier tests have left may be collected meanwhile, which hides some of it: the most of several is what it takes.
  const grown = Math.max(...Array.from({ length: 5 }, grownBy));
  // In flat memory, not as so many texts.
  expect(grown).toBeGreaterThan(20_000 * 8);
  expect(grown).toBeLessThan(20_000 * 48);
});

it.each([14, 15, 16, 17, 18])("tells numbers of %i digits apart by their last digit and their plus", (digits) => {
  const numbers = createNumberSet();
  const number = (last: number) => "9".repeat(digits - 1) + last;
  numbers.add(number(4));
  const held = Array.from({ length: 10 }, (_, last) => last).filter((last) => numbers.has(number(last)));
  expect(held).toEqual([4]);
  expect(numbers.has(`+${number(4)}`)).toBe(false);
});
