import { expect, test } from "vitest";
import { nextLookMs } from "../../cli/follow-campaign.ts";

test("a campaign is looked at five times a second while there is news, and once a second when there is none", () => {
  expect([0, 1_000, 2_000].map(nextLookMs)).toEqual([200, 200, 200]);
  expect(nextLookMs(5_000)).toBe(500);
  expect([10_000, 3_600_000].map(nextLookMs)).toEqual([1_000, 1_000]);
});
