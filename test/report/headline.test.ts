import { describe, expect, it } from "vitest";
import { headlineText } from "../../shared/report/headline.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { campaign } from "./factories.ts";

const summary = (changes: Partial<Summary>): Summary => ({
  ...liveSummary(campaign({ state: "running", end: undefined }), { account: { rate: 10 } }, nineOClock),
  state: "complete",
  rows: 1_000,
  counts: { submitted: 985, failed: 3, unknown: 0, invalid: 10, skipped: 2, cancelled: 0 },
  remaining: 0,
  startedAt: "2026-11-25T21:14:05.000Z",
  endedAt: "2026-11-25T21:15:01.000Z",
  problems: [{ status: "skipped", reason: "The number has an earlier row", count: 2, rows: [3] }],
  ...changes,
});
const counts = (changes: Partial<Summary["counts"]>) => ({
  counts: { submitted: 0, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0, ...changes },
});

describe("a report in one sentence", () => {
  it("says how many were sent and when, what needs correcting and what was left out", () => {
    expect(headlineText(summary({}))).toBe(
      "985 of 1,000 sent on 25 Nov 2026, 21:14–21:15 UTC; 13 need correcting; 2 duplicates left out",
    );
  });

  it("says nothing more when all is well", () => {
    expect(headlineText(summary({ ...counts({ submitted: 1_000 }), problems: [] }))).toBe(
      "All 1,000 sent on 25 Nov 2026, 21:14–21:15 UTC",
    );
  });

  it("names what is in doubt before what is to be corrected, and calls only duplicates so", () => {
    const problems = [{ status: "skipped" as const, reason: "On the suppression list", count: 1, rows: [3] }];
    expect(headlineText(summary({ ...counts({ submitted: 990, unknown: 4, failed: 1, skipped: 5 }), problems }))).toBe(
      "990 of 1,000 sent on 25 Nov 2026, 21:14–21:15 UTC; 4 in doubt; 1 needs correcting; 5 left out on purpose",
    );
  });

  it("tells a campaign of several days in days, and one without calls without", () => {
    const long = summary({ ...counts({ submitted: 900, cancelled: 100 }), endedAt: "2026-11-28T09:00:00.000Z" });
    expect(headlineText(long)).toMatch(
      /^900 of 1,000 sent on 25\s?–\s?28 Nov 2026; 100 not sent because the campaign ended first$/,
    );
    expect(
      headlineText(summary({ ...counts({ invalid: 4 }), rows: 4, startedAt: undefined, endedAt: undefined })),
    ).toBe("None of 4 rows sent; 4 need correcting");
  });

  it("never says of a simulation that something was sent", () => {
    const text = headlineText(summary({ simulated: true }));
    expect(text).toBe(
      "Simulated: 985 of 1,000 accepted by the simulator on 25 Nov 2026, 21:14–21:15 UTC, nothing was really sent; 13 need correcting; 2 duplicates left out",
    );
  });

  it("says of a check what would be sent, and of a campaign under way how it stands", () => {
    expect(headlineText(summary({ state: "checked", remaining: 998, ...counts({ invalid: 2 }) }))).toBe(
      "998 of 1,000 rows would be sent; 2 need correcting",
    );
    const running = summary({ state: "running", stateText: "Sending: 3 of 9", ...counts({ unknown: 2, failed: 1 }) });
    expect(headlineText(running)).toBe("Sending: 3 of 9; 2 in doubt; 1 failed");
  });
});
