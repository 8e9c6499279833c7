import { describe, expect, it } from "vitest";
import { interruptions } from "../../shared/report/interruptions.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { createTimeline } from "../../shared/report/timeline.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { accepted, campaign } from "./factories.ts";

const second = 1_000;
const iso = (at: number) => new Date(at).toISOString();

const summary = (changes: Partial<Summary>): Summary => ({
  ...liveSummary(campaign({ state: "running", end: undefined }), { account: { rate: 10 } }, nineOClock),
  ...changes,
});

/** Ten calls a second in each of these stretches, in seconds after nine. */
function timeline(...stretches: readonly (readonly [from: number, to: number])[]) {
  const all = createTimeline();
  for (const [from, to] of stretches) {
    for (let at = from * second; at <= to * second; at += 100) all.add(accepted(1, { at: nineOClock + at }));
  }
  return all.timeline();
}

describe("interruptions of a campaign", () => {
  const broken = timeline([0, 20], [80, 100]);
  const gap = { from: nineOClock + 20 * second, to: nineOClock + 80 * second };

  it("are none while calls are made, however few a second", () => {
    expect(interruptions(summary({}), timeline([0, 60]))).toEqual([]);
    const slow = createTimeline();
    for (let call = 0; call < 10; call += 1) slow.add(accepted(1, { at: nineOClock + call * 20 * second }));
    expect(interruptions(summary({ rate: { set: 0.05 } }), slow.timeline())).toEqual([]);
  });

  it.each([
    [
      "the day's limit",
      { what: "reached the daily limit", by: "bulk-send", callsPerDay: 4000 },
      "waiting for midnight: the 4,000 messages of the day (maxMessagesPerDay) were used up",
    ],
    ["a person's pause", { what: "paused", by: "Bert" }, "paused by Bert"],
    ["a pause of all sending", { what: "paused all sending", by: "Bert" }, "all sending paused by Bert"],
    [
      "a pause of its own",
      { what: "paused", by: "bulk-send", reason: "30 of 50 calls failed" },
      "paused by itself: 30 of 50 calls failed",
    ],
    [
      "a hold",
      { what: "held", by: "bulk-send", reason: "no answer five times" },
      "waiting for Enswitch: no answer five times",
    ],
  ] as const)("have their reason: %s", (_, deed, why) => {
    const history = [{ ...deed, at: iso(nineOClock + 22 * second) }];
    expect(interruptions(summary({ history }), broken)).toEqual([{ why, spans: [gap] }]);
  });

  it.each([
    ["a little before the last call, which was on its way", -5, true],
    ["in its last moment", 79, true],
    ["long before", -31 - 20, false],
    ["after it", 81, false],
  ])("have the reason that was noted %s (%i s after nine): %s", (_, at, counts) => {
    const history = [{ what: "paused" as const, by: "Bert", at: iso(nineOClock + at * second) }];
    const [found] = interruptions(summary({ history }), broken);
    expect(found?.why === "paused by Bert").toBe(counts);
  });

  it("have no reason that lies elsewhere in time, and none is made up", () => {
    const history = [{ what: "paused" as const, by: "Bert", at: iso(nineOClock + 90 * second) }];
    expect(interruptions(summary({ history }), broken)[0]?.why).toContain("the reason is not recorded");
  });

  it("are joined where they have the same reason, such as a window's nights", () => {
    const day = 86_400;
    const window = { from: "09:00", to: "10:00", timezone: "UTC" };
    const nights = timeline([0, 3_600], [day, day + 3_600], [2 * day, 2 * day + 3_600]);
    const found = interruptions(summary({ options: { window } }), nights);
    expect(found.map(({ why, spans }) => [why, spans.length])).toEqual([["the window was closed", 2]]);
  });

  it("have the changes of the rate among them, as moments", () => {
    const at = nineOClock + 5 * second;
    const history = [{ what: "changed the rate" as const, rate: 5, by: "Bert", at: iso(at) }];
    expect(interruptions(summary({ history }), timeline([0, 20]))).toEqual([
      { why: "the rate was set to 5 per second by Bert", spans: [{ from: at, to: at }] },
    ]);
  });
});
