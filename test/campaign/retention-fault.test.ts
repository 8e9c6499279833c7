import { describe, expect, it } from "vitest";
import type { Window } from "../../shared/campaign/options.ts";
import { retentionFault, type UncommittedCampaign } from "../../shared/campaign/retention-fault.ts";
import { nineOClock } from "../support/manual-clock.ts";

const now = nineOClock;
const day = 86_400_000;
const at = (days: number) => new Date(now + days * day).toISOString();
const office = { from: "09:00", to: "17:00", timezone: "Europe/London" } as const;

const saturdays: Window = { ...office, days: ["sat"] };
const mondays: Window = { ...office, days: ["mon"] };

const fault = (changes: Partial<UncommittedCampaign> = {}) =>
  retentionFault({ options: {}, defaults: {}, sendable: 1_000, rate: 10, retainDays: 90, ...changes }, now);

describe("a campaign that the stack would forget before it is sent", () => {
  it.each([
    [
      "sendAfter when it is over already",
      { options: { sendAfter: at(89) } },
      /^sendAfter is .* 90 days \(retainDays\)/u,
    ],
    [
      "sendAfter too near to the end",
      { options: { sendAfter: at(88.9) }, sendable: 100_000 },
      /take 2 h 46 min, but .* leaves 2 h 24 min/u,
    ],
    [
      "more rows than the rate can send",
      { sendable: 1_000_000, rate: 0.1 },
      /^1.000.000 messages at 0.1 a second take 115 d 17 h,/u,
    ],
    [
      "a window of some hours a day",
      { sendable: 3_000_000, rate: 1, options: { window: office } },
      /take 34 d 17 h.* leaves (29|30) d/u,
    ],
    ["windows that never meet", { options: { window: saturdays }, defaults: { window: mondays } }, /no time to send/u],
    [
      "more rows than the days have room for",
      { sendable: 20_000, dayLimit: { calls: 200, timezone: "UTC" } },
      /^20.000 messages at no more than 200 a day \(maxMessagesPerDay\) take too long: .* at most 18.000 can be sent; split/u,
    ],
    [
      "days that have room only when the window is closed",
      { sendable: 3_000, dayLimit: { calls: 200, timezone: "UTC" }, options: { window: mondays } },
      /at most 2.6\d\d can be sent with its window and sendAfter/u,
    ],
    ["a day's retention", { retainDays: 1, options: { sendAfter: at(0.95) } }, /1 day \(retainDays\)/u],
  ])("is refused for %s", (_what, changes, reason) => {
    expect(fault(changes)).toMatch(reason);
  });

  it.each([
    ["that is sent in time", {}],
    ["that just fits", { sendable: 89 * 86_400 * 10 }],
    ["that begins late and is short", { options: { sendAfter: at(88.9) } }],
    ["without a row to send", { sendable: 0, options: { sendAfter: at(1_000) } }],
    ["whose days have just enough room", { sendable: 16_000, dayLimit: { calls: 200, timezone: "UTC" } }],
    ["of one row, however slow", { sendable: 1, rate: 0.000_001 }],
    ["whose window is open for long enough", { sendable: 100_000, options: { window: office } }],
    ["whose sendAfter has passed", { options: { sendAfter: at(-5) } }],
  ] as const)("is not one %s", (_what, changes) => {
    expect(fault(changes)).toBeUndefined();
  });
});
