import { expect, test } from "vitest";
import { zoneLines } from "../../cli/zone-lines.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { checkPage } from "../../shared/report/page/check-page.ts";
import { livePage } from "../../shared/report/page/live-page.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const options = { window: { from: "09:00", to: "20:00", timezone: "recipient" } };
const zones = [
  { zones: ["Europe/London"], rows: 12 },
  { zones: ["America/New_York"], rows: 8 },
  { zones: ["Asia/Tokyo"], rows: 0 },
];
const head = { header: ["to"], samples: [], segments: { total: 20, distribution: { "1": 20 } }, problems: [], zones };

test("a check has a line for each zone that rows go to: how many, their hours, and when they are done", () => {
  const summary = checkSummary({
    name: "check/spring",
    head,
    rows: 20,
    sendable: 20,
    invalid: 0,
    skipped: 0,
    options,
    defaults: {},
    dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
    messages: [],
    rate: 1,
    at: nineOClock,
  });
  expect(summary.zones).toEqual([
    {
      zones: ["Europe/London"],
      rows: 12,
      opensAt: undefined,
      closesAt: "2026-03-02T20:00:00.000Z",
      doneAt: "2026-03-02T09:00:12.000Z",
      late: undefined,
    },
    {
      zones: ["America/New_York"],
      rows: 8,
      opensAt: "2026-03-02T14:00:00.000Z",
      closesAt: "2026-03-03T01:00:00.000Z",
      doneAt: "2026-03-02T14:00:08.000Z",
      late: undefined,
    },
  ]);
  const page = checkPage(summary);
  expect(page).toContain("Europe/London</dt><dd>12 messages; it is their hours until <time");
  expect(page).toMatch(/America\/New_York<\/dt><dd>8 messages; hours <time[^>]*data-time="span"/);
  expect(zoneLines(summary).map((line) => line.split(",")[0])).toEqual([
    "Europe/London: 12 rows",
    "America/New_York: 8 rows",
    expect.stringMatching(/^The whole list is done about /u),
    "A number that tells no place",
  ]);
});

test("a campaign under way is estimated to end with its last zone", () => {
  const tally = { ...running().tally, submitted: 12 };
  const campaign = running({ options, zones, tally });
  const summary = liveSummary(campaign, { account: { rate: 1 } }, nineOClock + 60_000);
  expect(summary.zones?.map(({ doneAt }) => doneAt)).toEqual(["2026-03-02T09:01:00.000Z", "2026-03-02T14:00:08.000Z"]);
  expect(summary.estimatedEndAt).toBe("2026-03-02T14:00:08.000Z");
  expect(livePage(summary)).toContain("The recipients' hours");
});

test("where hours are the same for all, nothing is said of zones", () => {
  const summary = liveSummary(running(), { account: { rate: 1 } }, nineOClock);
  expect(summary.zones).toBeUndefined();
  expect(livePage(summary)).not.toContain("recipients' hours");
  expect(zoneLines(summary)).toEqual([]);
});

test("a check tells when a list is done that takes many weeks", () => {
  const summary = checkSummary({
    name: "check/spring",
    head: { ...head, zones: [{ zones: ["Europe/London"], rows: 1_200_000 }] },
    rows: 1_200_000,
    sendable: 1_200_000,
    invalid: 0,
    skipped: 0,
    options,
    defaults: {},
    dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
    messages: [],
    rate: 1,
    at: nineOClock,
  });
  expect(summary.zones?.[0]?.doneAt).toMatch(/^2026-04-01T/u);
});

test("zones share the rate and the day's room with the other campaigns, and say how many rows come too late", () => {
  const midnightAfter = (at: number) => (Math.floor(at / 86_400_000) + 1) * 86_400_000;
  const campaign = (changes = {}) => running({ options: { ...options, ...changes }, zones });
  const doneAt = (conditions: Parameters<typeof liveSummary>[1], changes = {}) =>
    liveSummary(campaign(changes), conditions, nineOClock).zones?.map((zone) => zone.doneAt);
  expect(doneAt({ account: { rate: 1 } })).toEqual(["2026-03-02T09:00:12.000Z", "2026-03-02T14:00:08.000Z"]);
  // Twenty rows of its own, and as many of a longer campaign: half of the rate.
  expect(doneAt({ account: { rate: 1 }, othersUnsent: [5_000] })).toEqual([
    "2026-03-02T09:00:24.000Z",
    "2026-03-02T14:00:16.000Z",
  ]);
  // Sixteen calls of the day are left, of which the other campaign gets half: eight of the first zone, and the rest tomorrow.
  const day = { calls: 40, used: 24, midnightAfter };
  expect(doneAt({ account: { rate: 1, day }, othersUnsent: [5_000] })?.[0]).toBe("2026-03-03T09:00:08.000Z");
  const sendBefore = "2026-03-02T14:00:05.000Z";
  const summary = liveSummary(campaign({ sendBefore }), { account: { rate: 1 } }, nineOClock);
  expect(summary.zones?.map(({ late, doneAt }) => [late, doneAt])).toEqual([
    [undefined, "2026-03-02T09:00:12.000Z"],
    [3, undefined],
  ]);
  expect(summary.estimatedEndAt).toBeUndefined();
});
