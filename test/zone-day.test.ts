import { describe, expect, test } from "vitest";
import { dayAround } from "../shared/zone-day.ts";

const hour = 3600_000;
const iso = (at: number) => new Date(at).toISOString();
const hours = (zone: string, at: string) => {
  const { from, until } = dayAround(zone, Date.parse(at));
  return [iso(from), (until - from) / hour];
};

describe("the day of a zone", () => {
  test.each([
    ["UTC", "2026-03-02T07:30:00Z", "2026-03-02T00:00:00.000Z", 24],
    ["UTC", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00.000Z", 24],
    ["Asia/Kolkata", "2026-03-02T20:00:00Z", "2026-03-02T18:30:00.000Z", 24],
    ["America/Los_Angeles", "2026-03-02T07:30:00Z", "2026-03-01T08:00:00.000Z", 24],
  ])("%s at %s begins at %s", (zone, at, from, length) => {
    expect(hours(zone, at)).toEqual([from, length]);
  });

  test.each([
    ["Europe/London", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00.000Z", 23],
    ["Europe/London", "2026-10-25T12:00:00Z", "2026-10-24T23:00:00.000Z", 25],
    // Clocks go from midnight to one, so that there is no midnight.
    ["America/Santiago", "2025-09-07T15:00:00Z", "2025-09-07T04:00:00.000Z", 23],
    // Clocks go back from midnight to eleven in the evening.
    ["America/Santiago", "2026-04-05T01:30:00Z", "2026-04-04T03:00:00.000Z", 25],
    ["America/Santiago", "2026-04-05T03:30:00Z", "2026-04-04T03:00:00.000Z", 25],
    ["America/Santiago", "2026-04-05T15:00:00Z", "2026-04-05T04:00:00.000Z", 24],
  ])("%s at %s, where clocks change, begins at %s and has %d hours", (zone, at, from, length) => {
    expect(hours(zone, at)).toEqual([from, length]);
  });

  test("days follow each other without a gap, in every zone and around every change", () => {
    for (const zone of ["America/Santiago", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Europe/Dublin"]) {
      let { until } = dayAround(zone, Date.UTC(2025, 0, 1, 12));
      for (let day = 0; day < 800; day++) {
        const next = dayAround(zone, until);
        expect(next.from).toBe(until);
        expect(next.until - next.from).toBeGreaterThanOrEqual(22 * hour);
        expect(dayAround(zone, next.until - 1)).toEqual(next);
        until = next.until;
      }
    }
  });
});
