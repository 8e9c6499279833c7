import { expect, test } from "vitest";
import { placeInDay } from "../../shared/account/day-limit.ts";

const hour = 3_600_000;
const midnight = Date.UTC(2026, 2, 2);
const today = { from: midnight, until: midnight + 24 * hour, used: 7 };
const tomorrow = { from: today.until, until: today.until + 24 * hour, used: 0 };

test("a day that was counted stays as it is, also where the zone's own begins in the middle of it", () => {
  expect(placeInDay(today, "Pacific/Auckland", midnight + 20 * hour).day).toEqual(today);
  expect(placeInDay(undefined, "Pacific/Auckland", midnight + 20 * hour).day.from).toBe(midnight + 11 * hour);
});

test("a slot is at least a second behind midnight and two before it, and never before the day that was counted", () => {
  const at = (counted: typeof today | undefined, first: number) => placeInDay(counted, "UTC", first).first;
  expect(at(undefined, midnight)).toBe(midnight + 1_000);
  expect(at(today, midnight - hour)).toBe(midnight + 1_000);
  expect(at(today, midnight + 1_001)).toBe(midnight + 1_001);
  expect(placeInDay(today, "UTC", today.until - 2_000)).toEqual({
    day: today,
    first: today.until - 2_000,
    latest: today.until - 2_000,
  });
  expect(placeInDay(today, "UTC", today.until - 1_999)).toMatchObject({ day: tomorrow, first: tomorrow.from + 1_000 });
});

test("a day counts nothing of those before it, however many have passed", () => {
  expect(placeInDay(today, "UTC", tomorrow.from + 12 * hour).day).toEqual(tomorrow);
  expect(placeInDay(today, "UTC", tomorrow.from + 36 * hour).day).toMatchObject({ from: tomorrow.until, used: 0 });
});
