import { describe, expect, test } from "vitest";
import { forecastHours } from "../../shared/campaign/hours-forecast.ts";
import { retentionFault } from "../../shared/campaign/retention-fault.ts";
import { dailyRoomOf } from "../../shared/campaign/sending-time.ts";
import { outlook } from "../../shared/report/outlook.ts";
import { nineOClock } from "../support/manual-clock.ts";

const hour = 3_600_000;
const options = { window: { from: "09:00", to: "20:00", timezone: "recipient" } };
const zones = [
  { zones: ["Europe/London"], rows: 3_600 },
  { zones: ["America/New_York"], rows: 3_600 },
  { zones: ["Asia/Tokyo"], rows: 3_600 },
];

const would = { sendable: 10_800, rate: 1, zones };

/** In hours from nine in London. */
const inHours = (at: number | undefined) => at && Math.round(((at - nineOClock) / hour) * 100) / 100;
const forecast = (request: Partial<Parameters<typeof forecastHours>[1]> = {}) =>
  forecastHours(
    { options, defaults: {}, zones },
    { from: nineOClock, until: nineOClock + 240 * hour, rate: 1, ...request },
  );

describe("a forecast by zones", () => {
  test("says when hours begin and end, and when each zone is done at the shared rate", () => {
    expect(forecast().map(({ opensAt, closesAt, doneAt }) => [opensAt, closesAt, doneAt].map(inHours))).toEqual([
      // Tokyo and London share the rate until Tokyo's evening at eleven.
      [undefined, 11, 2],
      [5, 16, 6],
      [undefined, 2, 2],
    ]);
  });

  test("counts what does not fit", () => {
    expect(forecast({ until: nineOClock + 4 * hour }).map(({ late }) => late)).toEqual([0, 3_600, 0]);
    expect(forecast({ until: nineOClock + hour }).map(({ late }) => late)).toEqual([1_800, 3_600, 1_800]);
    // A row of which a part is late is late.
    expect(forecast({ until: nineOClock + 1_500_500 }).map(({ late }) => late)).toEqual([2_850, 3_600, 2_850]);
  });

  test("leaves what a day has no room for to the next one, whoever's hours it then is", () => {
    const day = dailyRoomOf({ calls: 3_600, timezone: "UTC" });
    // By ten, London and Tokyo have half of theirs. From midnight to one, Tokyo and New York share all of the second day's room, and
    // of the third's what they need; London's turn is at nine.
    expect(forecast({ day }).map(({ doneAt }) => inHours(doneAt))).toEqual([48.5, 39.5, 39.5]);
    // Of the first day a half is used up already.
    const later = forecast({ day: { ...day, used: 1_800 }, until: nineOClock + 14 * hour });
    expect(later.map(({ late }) => late)).toEqual([2_700, 3_600, 2_700]);
    expect(forecast({ day: { ...day, calls: 0 }, until: nineOClock + 300 * hour }).map(({ late }) => late)).toEqual([
      3_600, 3_600, 3_600,
    ]);
  });

  test("knows a clock change, and hours that begin and end at half an hour", () => {
    // The clocks go forward on the 29th, at one in London.
    const from = Date.parse("2026-03-28T22:00:00Z");
    const kolkata = [
      { zones: ["Asia/Kolkata"], rows: 10 },
      { zones: ["Europe/London"], rows: 10 },
    ];
    const found = forecastHours({ options, defaults: {}, zones: kolkata }, { from, until: from + 24 * hour, rate: 1 });
    expect(
      found.map(({ opensAt, closesAt }) => [opensAt, closesAt].map((at) => at && new Date(at).toISOString())),
    ).toEqual([
      ["2026-03-29T03:30:00.000Z", "2026-03-29T14:30:00.000Z"],
      ["2026-03-29T08:00:00.000Z", "2026-03-29T19:00:00.000Z"],
    ]);
  });

  test("takes what was sent so far from those whose hours it was", () => {
    const sent = { rows: 7_200, begun: nineOClock };
    expect(forecast({ from: nineOClock + 5 * hour, sent }).map(({ doneAt }) => inHours(doneAt))).toEqual([5, 6, 5]);
  });

  test("is said before anything is sent, where sendBefore is too early for some", () => {
    const sendBefore = new Date(nineOClock + 4 * hour).toISOString();
    expect(outlook({ ...options, sendBefore }, {}, nineOClock, would)).toEqual([
      "The hours of the recipients in America/New_York do not begin before sendBefore (2026-03-02 13:00 UTC) passes: 3,600 rows would be cancelled.",
    ]);
    const sooner = new Date(nineOClock + hour).toISOString();
    expect(outlook({ ...options, sendBefore: sooner }, {}, nineOClock, would)).toContain(
      "The hours of the recipients in Asia/Tokyo do not suffice before sendBefore (2026-03-02 10:00 UTC): about 1,800 rows of 3,600 rows would be cancelled.",
    );
    expect(outlook(options, {}, nineOClock, would)).toEqual([]);
    const dayLimit = { calls: 1_800, timezone: "UTC" };
    const inTime = new Date(nineOClock + 14 * hour).toISOString();
    expect(outlook({ ...options, sendBefore: inTime }, {}, nineOClock, { ...would, dayLimit })).toContain(
      "The hours of the recipients in Asia/Tokyo do not suffice before sendBefore (2026-03-02 23:00 UTC): about 2,700 rows of 3,600 rows would be cancelled.",
    );
  });

  test("refuses what could not be sent before the stack forgets it", () => {
    const campaign = { options, defaults: {}, zones, sendable: 10_800, rate: 1, retainDays: 1 };
    expect(retentionFault(campaign, nineOClock)).toBeUndefined();
    expect(retentionFault({ ...campaign, rate: 0.05 }, nineOClock)).toMatch(
      /^\d[\d,]* messages at 0.05 a second would not be sent in their recipients' hours \(Europe\/London and others\), since this stack keeps/,
    );
    const dayLimit = { calls: 100, timezone: "UTC" };
    expect(retentionFault({ ...campaign, retainDays: 30, dayLimit }, nineOClock)).toMatch(
      /at 1 a second and no more than 100 a day \(maxMessagesPerDay\) would not be sent .* or raise the rate, maxMessagesPerDay or retainDays/,
    );
  });
});
