import { expect, test } from "vitest";
import { hoursDayPlot, runHoursDay } from "./hours-day.ts";

const hour = 3_600_000;

test("a list over three zones is sent in each zone's hours, on the day on which one of them changes its clocks", async () => {
  const day = await runHoursDay(30);
  expect(day.failures).toEqual([]);
  // Nine in Kolkata is half past three by UTC; in New York it is one o'clock, no longer two.
  for (const [zone, opens] of [
    ["Asia/Kolkata", 1.5],
    ["Europe/London", 7],
    ["America/New_York", 11],
  ] as const) {
    const hours = day.calls.filter((call) => call.zone === zone).map(({ at }) => (at - day.start) / hour);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(opens);
    // The simulation's reporter looks every seven minutes when a run has lasted some hours.
    expect(Math.max(...hours)).toBeLessThan(opens + 0.25);
  }
  expect(day.calls.length).toBeGreaterThan(20);
  expect(hoursDayPlot(day).match(/<path/g)).toHaveLength(3);
});
