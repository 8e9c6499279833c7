import { describe, expect, it } from "vitest";
import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { outlook, type WouldSend } from "../../shared/report/outlook.ts";

/** Monday, 2 March 2026, 12:00 UTC. */
const noon = Date.UTC(2026, 2, 2, 12);
const window = { from: "09:00", to: "17:00", timezone: "UTC" };
const look = (options: Options, defaults: Defaults = {}, would: Partial<WouldSend> = {}) =>
  outlook(options, defaults, noon, { sendable: 60, rate: 1, ...would });

describe("what the times of a campaign mean", () => {
  it("is nothing when it can begin at once and end in time", () => {
    expect(look({})).toEqual([]);
    expect(look({ window, sendBefore: "2026-03-02T12:01:00Z" })).toEqual([]);
  });

  it("says when it would begin later, by sendAfter and by the narrower of two windows", () => {
    expect(look({ sendAfter: "2026-03-02T14:00:00+01:00" })).toEqual(["Sending would begin at 2026-03-02 13:00 UTC."]);
    expect(look({ sendAfter: "2026-03-02T18:00:00Z", window }, { window: { ...window, from: "10:00" } })).toEqual([
      "Sending would begin at 2026-03-03 10:00 UTC.",
    ]);
  });

  it("says that nothing would be sent", () => {
    expect(look({ sendBefore: "2026-03-02T12:00:00Z" })[0]).toMatch(/has passed: every row would be cancelled/);
    expect(look({ sendBefore: "2026-03-06T12:00:00Z", window: { ...window, days: ["sat"] } })[0]).toMatch(
      /^The window does not open before sendBefore \(2026-03-06 12:00 UTC\) passes/,
    );
    expect(look({ sendBefore: "2026-03-02T13:00:00Z", window: { ...window, from: "13:00", to: "20:00" } })[0]).toMatch(
      /^The window does not open before sendBefore \(2026-03-02 13:00 UTC\) passes/,
    );
    expect(look({ window }, { window: { ...window, from: "18:00", to: "20:00" } })[0]).toMatch(
      /never open at the same time/,
    );
  });

  it("says until when a window or the most calls of a day draw it out, and nothing where they do not", () => {
    const dayLimit = { calls: 1_000, timezone: "UTC" };
    expect(look({}, {}, { sendable: 1_000, dayLimit })).toEqual([]);
    expect(look({}, {}, { sendable: 2_500, rate: 10, dayLimit })).toEqual([
      "Sending at no more than 1,000 messages a day (maxMessagesPerDay) would take until 2026-03-04 00:00 UTC.",
    ]);
    // Five hours are left of Monday's window; of each of the next days 1,000 fit into it.
    expect(look({ window }, {}, { sendable: 2_500, rate: 10, dayLimit })).toEqual([
      "Sending at no more than 1,000 messages a day (maxMessagesPerDay) and within the window would take until 2026-03-04 09:00 UTC.",
    ]);
    expect(look({ window }, {}, { sendable: 40_000, rate: 1 })).toEqual([
      "Sending within the window would take until 2026-03-03 15:06 UTC.",
    ]);
    expect(look({}, {}, { sendable: 1_000_000, dayLimit: { calls: 10, timezone: "UTC" } })[0]).toMatch(
      /would take until after 2027/,
    );
  });

  it("counts the days' limit and the window before sendBefore", () => {
    const dayLimit = { calls: 1_000, timezone: "UTC" };
    const sendBefore = "2026-03-03T23:00:00Z";
    expect(look({ sendBefore }, {}, { sendable: 2_500, rate: 10, dayLimit }).at(-1)).toMatch(
      /^Sending would take until 61 minutes after sendBefore/,
    );
    expect(look({ sendBefore }, {}, { sendable: 1_900, rate: 10, dayLimit }).join()).not.toContain("sendBefore");
  });

  it("says that the last rows would come too late", () => {
    expect(look({ sendBefore: "2026-03-02T12:30:00Z" }, {}, { sendable: 3600 })).toEqual([
      "Sending would take until 30 minutes after sendBefore (2026-03-02 12:30 UTC); rows whose turn had not come by sendBefore would be cancelled.",
    ]);
  });
});
