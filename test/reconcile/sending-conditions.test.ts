import { describe, expect, it } from "vitest";
import { type Account, freshAccount } from "../../shared/account/account.ts";
import { sendingConditionsOf } from "../../shared/reconcile/sending-conditions.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const campaignOf = (changes: Parameters<typeof running>[0] = {}) =>
  running({ retainUntil: Number.MAX_SAFE_INTEGER, ...changes });

const conditionsOf = (
  changes: Parameters<typeof running>[0],
  account: Partial<Account> = {},
  maxPerDay: number | undefined = undefined,
) => sendingConditionsOf(campaignOf(changes), { ...freshAccount, ...account }, { rate: 10, maxPerDay }, [], nineOClock);

const noTally = { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };

/** Of a campaign whose calls so far are all counted. */
const countedNow = { ...noTally, lastRecordAt: nineOClock };

const windowOf = (from: string, to: string, timezone: string) => ({ options: { window: { from, to, timezone } } });

describe("what a campaign waits for", () => {
  it("is nothing where it may be sent, or is paused", () => {
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
    expect(conditionsOf({}).waitingFor).toBeUndefined();
    expect(conditionsOf({ state: "paused", pause }).waitingFor).toBeUndefined();
    expect(conditionsOf({}, { pause }).waitingFor).toBeUndefined();
  });

  it("is its sendAfter", () => {
    const until = nineOClock + day;
    expect(conditionsOf({ options: { sendAfter: new Date(until).toISOString() } }).waitingFor).toEqual({
      reason: "The campaign's sendAfter has not come yet.",
      until,
    });
  });

  it("is the day's limit", () => {
    const until = nineOClock + 15 * hour;
    const full = { day: { from: until - day, until, used: 5 }, dayFull: { from: nineOClock, until, calls: 5 } };
    expect(conditionsOf({}, full, 5).waitingFor).toEqual({
      reason: "The day's limit (maxMessagesPerDay) is used up; the rest follows after midnight.",
      until,
    });
  });

  it("is its window, by the clock that the window names, whether it stands in the options or in the settings", () => {
    const window = { from: "11:05", to: "12:00", timezone: "Europe/Paris" };
    const expected = {
      reason: "Messages are sent only within the window, which opens Monday 2 Mar, 11:05 (Europe/Paris).",
      until: nineOClock + hour + 5 * minute,
    };
    expect(conditionsOf({ options: { window } }).waitingFor).toEqual(expected);
    expect(conditionsOf({ defaults: { window } }).waitingFor).toEqual(expected);
    expect(conditionsOf(windowOf("08:00", "08:30", "UTC")).waitingFor?.reason).toContain("Tuesday 3 Mar, 08:00 (UTC)");
  });

  it("is a window that never opens together with that of the settings", () => {
    const never = { ...windowOf("08:00", "09:00", "UTC"), defaults: windowOf("10:00", "11:00", "UTC").options };
    expect(conditionsOf(never).waitingFor).toEqual({
      reason: "Messages are sent only within the window.",
      until: undefined,
    });
  });

  it("is the hours of its recipients", () => {
    const hours = windowOf("10:00", "20:00", "recipient");
    expect(conditionsOf({ ...hours, zones: [{ zones: ["Europe/London"], rows: 20 }] }).waitingFor).toEqual({
      reason: "Messages are sent only in each recipient's hours; the next begin at 2026-03-02 10:00 UTC.",
      until: nineOClock + hour,
    });
    expect(conditionsOf({ ...hours, zones: [] }).waitingFor).toEqual({
      reason: "Messages are sent only in each recipient's hours.",
      until: undefined,
    });
  });
});

describe("the account as pages show it", () => {
  it("is on hold until the hold ends", () => {
    const hold = { since: nineOClock - 1, until: nineOClock + 1, step: 1, reason: "silent" };
    expect(conditionsOf({}, { hold }).account.hold).toEqual(hold);
    expect(conditionsOf({}, { hold: { ...hold, until: nineOClock } }).account.hold).toBeUndefined();
    expect(conditionsOf({}).account).toMatchObject({ rate: 10, hold: undefined, pause: undefined });
  });

  it("has no day where the stack has no limit, and else the room that is left", () => {
    const until = nineOClock + 15 * hour;
    const account = { day: { from: until - day, until, used: 150 } };
    expect(conditionsOf({}, account).account.day).toBeUndefined();
    expect(conditionsOf({}, account, 1_000).account.day).toMatchObject({ calls: 1_000, used: 150 });
    expect(conditionsOf({}, { ...account, callsPerDay: 400 }, 1_000).account.day).toMatchObject({ calls: 400 });
  });

  it("has room for what is planned for the next seconds: its rows are still to be sent", () => {
    const until = nineOClock + 15 * hour;
    const account = { day: { from: until - day, until, used: 150 }, nextFreeAt: nineOClock + 3_000 };
    expect(conditionsOf({ tally: countedNow }, account, 1_000).account.day?.used).toBe(120);
    expect(
      conditionsOf({ tally: countedNow }, { ...account, nextFreeAt: nineOClock - 3_000 }, 1_000).account.day?.used,
    ).toBe(150);
    const used20 = { ...account, day: { ...account.day, used: 20 } };
    expect(conditionsOf({ tally: countedNow }, used20, 1_000).account.day?.used).toBe(0);
  });

  it("has no more room where the next call was put off, which plans none: slots are given out some seconds ahead", () => {
    const until = nineOClock + 15 * hour;
    const account = { day: { from: until - day, until, used: 150 }, nextFreeAt: nineOClock + minute };
    // Three seconds, and a second of slots that begins there.
    expect(conditionsOf({ tally: countedNow }, account, 1_000).account.day?.used).toBe(110);
  });

  it("has room for calls of the last seconds that tallies do not have: their rows are still to be sent, too", () => {
    const until = nineOClock + 15 * hour;
    const usedOf = (counted: number | undefined, nextFreeAt: number) => {
      const account = { day: { from: until - day, until, used: 150 }, nextFreeAt };
      return conditionsOf({ tally: { ...noTally, lastRecordAt: counted } }, account, 1_000).account.day?.used;
    };
    expect(usedOf(nineOClock - 2_000, nineOClock + 1_000)).toBe(120);
    expect(usedOf(nineOClock - 2_000, nineOClock - 1_000)).toBe(140);
    // All calls are counted.
    expect(usedOf(nineOClock - 1_000, nineOClock - 2_000)).toBe(150);
    // Nothing was sent for a while: tallies are never that late. And clocks differ.
    expect(usedOf(nineOClock - hour, nineOClock + 1_000)).toBe(90);
    expect(usedOf(nineOClock + 2_000, nineOClock + 1_000)).toBe(140);
  });

  it("counts days on from the midnight that it knows", () => {
    const until = nineOClock + 15 * hour;
    const midnightAfter = conditionsOf({}, { day: { from: until - day, until, used: 0 } }, 10).account.day
      ?.midnightAfter;
    const after = (at: number) => ((midnightAfter?.(at) ?? Number.NaN) - until) / day;
    expect(after(nineOClock)).toBe(0);
    expect(after(until - 1)).toBe(0);
    expect(after(until)).toBe(1);
    expect(after(until + day - 1)).toBe(1);
    expect(after(until + 3 * day)).toBe(4);
    // It was counted long ago, or never.
    expect(after(until - 40 * day)).toBe(0);
    expect(conditionsOf({}, {}, 10).account.day?.midnightAfter(nineOClock)).toBe(nineOClock + 15 * hour);
  });
});

it("the others that share the rate are those that may be sent now, with what they have left", () => {
  const tally = { submitted: 5, failed: 4, unknown: 3, skipped: 2, recentCalls: 0, recentFailed: 0 };
  const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
  const others = [
    campaignOf(),
    refused({ name: "refused" }),
    campaignOf({ name: "half", tally }),
    campaignOf({ name: "counted twice", tally: { ...tally, submitted: 30 } }),
    campaignOf({ name: "paused", state: "paused", pause }),
    campaignOf({ name: "over", state: "complete" }),
    campaignOf({ name: "later", options: { sendAfter: "2999-01-01T00:00:00Z" } }),
  ];
  const conditions = sendingConditionsOf(campaignOf(), freshAccount, { rate: 10 }, others, nineOClock);
  expect(conditions.othersUnsent).toEqual([6, 0]);
});

it.each([
  ["a full day ends", { dayFull: { from: nineOClock, until: nineOClock + 15 * hour, calls: 5 } }],
  ["a hold ends", { hold: { since: nineOClock, until: nineOClock + minute, step: 1, reason: "silent" } }],
])("the others that wait until %s share what comes then", (_, account) => {
  const [mine, other] = [campaignOf(), campaignOf({ name: "other" })];
  const later = campaignOf({ name: "later", options: { sendAfter: "2999-01-01T00:00:00Z" } });
  const over = campaignOf({ name: "over", options: { sendBefore: new Date(nineOClock + minute).toISOString() } });
  const state = { ...freshAccount, ...account };
  const conditions = sendingConditionsOf(
    mine,
    state,
    { rate: 10, maxPerDay: 5 },
    [mine, other, later, over],
    nineOClock,
  );
  expect(conditions.othersUnsent).toEqual([20]);
});

it("the others that have the same hours share the rate when these begin", () => {
  const { options } = windowOf("10:00", "20:00", "UTC");
  const [mine, other] = [campaignOf({ options }), campaignOf({ name: "other", options })];
  expect(sendingConditionsOf(mine, freshAccount, { rate: 10 }, [mine, other], nineOClock).othersUnsent).toEqual([20]);
});
