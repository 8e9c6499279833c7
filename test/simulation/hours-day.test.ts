import { expect, test } from "vitest";
import { hoursDayPlot, runHoursDay } from "./hours-day.ts";

const hour = 3_600_000;

test("a list over three zones is sent in each zone's hours, on the day on which one of them changes its clocks", async () => {
  const day = await runHoursDay(30);
  expect(day.failures).toEqual([]);
  const first = (zone: string) => {
    const [call] = day.calls.filter((call) => call.zone === zone);
    return call === undefined ? undefined : Math.floor(((call.at - day.start) / hour) * 60) / 60;
  };
  // Nine in Kolkata is half past three by UTC; in New York it is one o'clock, no longer two.
  expect(["Asia/Kolkata", "Europe/London", "America/New_York"].map(first)).toEqual([3.5, 9, 13]);
  expect(day.calls.length).toBeGreaterThan(20);
  expect(hoursDayPlot(day).match(/<path/g)).toHaveLength(3);
});
