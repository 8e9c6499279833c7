import { describe, expect, test } from "vitest";
import { dailyRoomOf, sendingTime } from "../../shared/campaign/sending-time.ts";
import { isOpen } from "../../shared/campaign/window.ts";

/** Monday, 2 March 2026, 12:00 UTC. */
const noon = Date.UTC(2026, 2, 2, 12);
const hour = 3600_000;
const day = 24 * hour;
const window = { from: "09:00", to: "17:00", timezone: "UTC" };
const limit = (calls: number, timezone = "UTC") => dailyRoomOf({ calls, timezone });

describe("the time that sending takes", () => {
  test("is that of the rate where nothing bounds it", () => {
    expect(sendingTime(3_600, { rate: 1, windows: [] }, noon, noon + day)).toEqual({
      end: noon + hour,
      sent: 3_600,
      open: hour,
    });
    expect(sendingTime(3_600, { rate: 1, windows: [] }, noon, noon + hour / 2)).toMatchObject({
      end: undefined,
      sent: 1_800,
    });
  });

  test("stands still while a window is closed, to the minute at which it closes", () => {
    const odd = { ...window, to: "12:07" };
    const { end } = sendingTime(600, { rate: 1, windows: [odd] }, noon, noon + 10 * day);
    expect(end).toBe(noon + 21 * hour + 180_000);
    expect(
      sendingTime(1, { rate: 1, windows: [window, { ...window, from: "18:00", to: "20:00" }] }, noon, noon + day),
    ).toEqual({ end: undefined, sent: 0, open: undefined });
  });

  test("goes on at midnight of the limit's zone once a day is full, with what the first day has left", () => {
    const full = { ...limit(100), used: 40 };
    expect(sendingTime(100, { rate: 10, windows: [], day: full }, noon, noon + 10 * day).end).toBe(
      noon + 12 * hour + 4_000,
    );
    // Midnight in New York is five in the morning.
    expect(
      sendingTime(110, { rate: 10, windows: [], day: limit(100, "America/New_York") }, noon, noon + 10 * day).end,
    ).toBe(noon + 17 * hour + 1_000);
    expect(
      sendingTime(1, { rate: 10, windows: [], day: { ...limit(100), used: 250 } }, noon, noon + 10 * day).end,
    ).toBe(noon + 12 * hour + 100);
  });

  test("waits for both: a day's room, and the window's opening after midnight", () => {
    const terms = { rate: 10, windows: [window], day: limit(100) };
    expect(sendingTime(250, terms, noon, noon + 10 * day).end).toBe(noon + 45 * hour + 5_000);
    expect(sendingTime(1_000, terms, noon, noon + 3 * day)).toMatchObject({ end: undefined, sent: 400 });
  });

  test("never ends outside of a window, nor sends more in a day than it has room for, whatever the figures", () => {
    for (const rate of [0.01, 0.3, 7, 50, 1_000]) {
      for (const calls of [1, 3, 99, 100_000]) {
        for (const rows of [0, 1, 2.5, 400]) {
          const { end, sent } = sendingTime(
            rows,
            { rate, windows: [window], day: limit(calls) },
            noon,
            noon + 400 * day,
          );
          expect(sent).toBeLessThanOrEqual(calls * 402);
          if (end === undefined) continue;
          expect(isOpen([window], end - 1) || isOpen([window], end) || rows === 0).toBe(true);
          expect(end - noon).toBeGreaterThanOrEqual((rows * 1000) / rate - 20);
          expect(Math.ceil((end - noon) / day) * calls + calls).toBeGreaterThanOrEqual(rows);
        }
      }
    }
  });
});
