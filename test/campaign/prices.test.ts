import { expect, test } from "vitest";
import { costOf, isExactPrice } from "../../shared/campaign/prices.ts";

const prices = { currency: "GBP", perSegment: { GB: 0.1, FR: 0.07, default: 0.12 } };

test("a sum is exact, whatever the order and however many segments", () => {
  const parts = { GB: { messages: 3, segments: 3 }, FR: { messages: 10, segments: 11 } };
  expect(costOf(prices, parts).amount).toBe(1.07);
  expect(costOf(prices, { FR: parts.FR, GB: parts.GB })).toEqual(costOf(prices, parts));
  const many = { GB: { messages: 10_000_000, segments: 100_000_001 } };
  expect(costOf({ currency: "GBP", perSegment: { GB: 0.070_001 } }, many).amount).toBe(7_000_100.070001);
});

test("countries come by what they cost; those without a price of their own are told apart", () => {
  const segments = {
    US: { messages: 1, segments: 2 },
    GB: { messages: 5, segments: 5 },
    "": { messages: 1, segments: 1 },
  };
  expect(costOf(prices, segments)).toEqual({
    amount: 0.86,
    countries: [
      { country: "GB", messages: 5, segments: 5, price: 0.1, amount: 0.5 },
      { country: "US", messages: 1, segments: 2, price: 0.12, byDefault: true, amount: 0.24 },
      { messages: 1, segments: 1, price: 0.12, byDefault: true, amount: 0.12 },
    ],
  });
  const { amount, countries } = costOf({ currency: "GBP", perSegment: { GB: 0.1 } }, segments);
  expect(amount).toBe(0.5);
  expect(countries.slice(1)).toEqual([
    { country: "US", messages: 1, segments: 2 },
    { messages: 1, segments: 1 },
  ]);
});

test("a price of nothing is a price of its own, not the default one", () => {
  const free = { currency: "GBP", perSegment: { GB: 0, default: 0.12 } };
  expect(costOf(free, { GB: { messages: 2, segments: 3 } })).toEqual({
    amount: 0,
    countries: [{ country: "GB", messages: 2, segments: 3, price: 0, amount: 0 }],
  });
});

test("prices have at most six decimals, so that sums can be exact", () => {
  expect([0, 0.04, 0.000001, 1_000_000].every(isExactPrice)).toBe(true);
  expect([0.0000001, 0.1234567, 1e9].some(isExactPrice)).toBe(false);
});
