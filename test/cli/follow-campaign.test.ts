import { expect, test } from "vitest";
import { nextLookMs } from "../../cli/follow-campaign.ts";

test("a campaign is looked at five times a second while there is news, and once a second when there is none", () => {
  expect([0, 1_000, 2_000].map((quietForMs) => nextLookMs(quietForMs, 10))).toEqual([200, 200, 200]);
  expect(nextLookMs(5_000, 10)).toBe(500);
  expect([10_000, 3_600_000].map((quietForMs) => nextLookMs(quietForMs, 10))).toEqual([1_000, 1_000]);
});

test("looking takes a fifth of the time at most, but a campaign is looked at once a second however long that takes", () => {
  expect(nextLookMs(0, 100)).toBe(400);
  expect(nextLookMs(0, 5_000)).toBe(1_000);
});
