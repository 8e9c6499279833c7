import { describe, expect, it } from "vitest";
import {
  Account,
  admissionOf,
  callsPerDayOf,
  changeCallsPerDay,
  changeRate,
  countNotSent,
  countUnknown,
  endProbe,
  freshAccount,
  giveBack,
  holdUnanswered,
  pauseAccount,
  reopenDay,
  resumeAccount,
  type SlotRequest,
  takeSlots,
  usedToday,
} from "../../shared/account/account.ts";
import type { Pause } from "../../shared/account/pause.ts";
import { nineOClock } from "../support/manual-clock.ts";

const minute = 60_000;
const now = nineOClock;

/** An account that has just been sent through, at ten a second. */
const busy = (changes: Partial<Account> = {}): Account => ({ ...freshAccount, rate: 10, nextFreeAt: now, ...changes });

const request = (changes: Partial<SlotRequest> = {}): SlotRequest => ({
  rows: 10,
  latest: now + minute,
  ceiling: 100,
  holder: "me",
  probeToken: "probe",
  probeLeaseMs: 35_000,
  answerStats: { answered: false, accepted: false, answerMs: 0 },
  ...changes,
});

/** The slots given, or a failed test. */
const slotsOf = (account: Account, asked: SlotRequest, at = now) => {
  const grant = takeSlots(account, asked, at);
  if (grant.kind !== "slots") throw new Error(`There were no slots: ${grant.kind}.`);
  return grant;
};

const pause: Pause = { code: "person", reason: "Paused by anna.", at: now };

describe("taking slots", () => {
  it("gives one slot, as a probe, on an account nothing was ever sent through", () => {
    const grant = slotsOf(freshAccount, request());
    expect(grant.slots).toHaveLength(1);
    expect(grant.probe).toBe("probe");
    expect(grant.account.probe).toEqual({ token: "probe", leaseUntil: (grant.slots[0] ?? 0) + 35_000 });
  });

  it("gives a probe after ten idle minutes, and none before", () => {
    expect(slotsOf(busy({ nextFreeAt: now - 10 * minute }), request()).probe).toBeUndefined();
    expect(slotsOf(busy({ nextFreeAt: now - 10 * minute - 1 }), request()).probe).toBe("probe");
  });

  it("gives a probe when one is due, and when the last one's lease ran out", () => {
    expect(slotsOf(busy({ probeDue: true }), request()).probe).toBe("probe");
    expect(slotsOf(busy({ probe: { token: "old", leaseUntil: now } }), request()).probe).toBe("probe");
  });

  it("gives a probe the next free slot at once, and others the time that they need before theirs", () => {
    const free = { nextFreeAt: now - 1 };
    expect(slotsOf(busy({ ...free, probeDue: true }), request({ leadMs: 150 })).slots).toEqual([now]);
    expect(slotsOf(busy({ probeDue: true, nextFreeAt: now + 70 }), request({ leadMs: 150 })).slots).toEqual([now + 70]);
    expect(slotsOf(busy(free), request({ leadMs: 150 })).slots[0]).toBe(now + 150);
  });

  it("lets nobody else fire while a probe is under way", () => {
    const grant = takeSlots(busy({ probe: { token: "other", leaseUntil: now + 1 } }), request(), now);
    expect(grant).toEqual({ kind: "closed", admission: { kind: "probing", until: now + 1 } });
  });

  it("spaces slots by the interval and begins no earlier than what is free, or what can be made in time", () => {
    const { slots, account } = slotsOf(busy({ nextFreeAt: now + 1000 }), request({ rows: 3 }));
    expect(slots).toEqual([now + 1000, now + 1100, now + 1200]);
    expect(account.nextFreeAt).toBe(now + 1300);
    expect(slotsOf(busy({ nextFreeAt: now - 5000 }), request()).slots[0]).toBe(now + 200);
    expect(slotsOf(busy({ nextFreeAt: now - 5000 }), request({ leadMs: 450 })).slots[0]).toBe(now + 450);
  });

  it("gives at most one second of slots, or five within five seconds, or one row when that takes longer", () => {
    expect(slotsOf(busy(), request({ rows: 25 })).slots).toHaveLength(10);
    expect(slotsOf(busy({ rate: 0.1 }), request({ rows: 25 })).slots).toHaveLength(1);
    expect(slotsOf(busy({ rate: 2.5 }), request({ rows: 25 })).slots).toHaveLength(5);
  });

  it("lets the latest holder reserve three seconds ahead, and others half of that", () => {
    const far = busy({ nextFreeAt: now + 1501, holder: "me" });
    expect(slotsOf(far, request()).slots[0]).toBe(now + 1501);
    expect(takeSlots(far, request({ holder: "other" }), now)).toEqual({ kind: "ask-again", at: now + 1 });
    expect(takeSlots({ ...far, nextFreeAt: now + 3001 }, request(), now)).toEqual({ kind: "ask-again", at: now + 1 });
    expect(slotsOf(far, request()).account.holder).toBe("me");
  });

  it("gives no slot after the latest instant that is of use", () => {
    expect(slotsOf(busy({ nextFreeAt: now + 1000 }), request({ latest: now + 1250 })).slots).toEqual([
      now + 1000,
      now + 1100,
      now + 1200,
    ]);
    expect(takeSlots(busy({ nextFreeAt: now + 1000 }), request({ latest: now + 999 }), now)).toEqual({
      kind: "too-late",
      firstFreeAt: now + 1000,
    });
  });

  it("never goes above the stack's ceiling, whatever a person set before it was lowered", () => {
    expect(slotsOf(busy({ rate: 50 }), request({ rows: 2, ceiling: 2 })).slots).toEqual([now + 200, now + 700]);
  });

  it("gives nothing while paused or on hold, and says why", () => {
    const hold = { since: now, until: now + 1, step: 1, reason: "silent" };
    expect(takeSlots(busy({ pause }), request(), now)).toEqual({
      kind: "closed",
      admission: { kind: "paused", pause },
    });
    expect(takeSlots(busy({ hold }), request(), now)).toEqual({ kind: "closed", admission: { kind: "held", ...hold } });
  });

  it("makes the first slot after a hold a probe", () => {
    expect(slotsOf(busy({ hold: { since: now - 5, until: now, step: 1, reason: "silent" } }), request()).probe).toBe(
      "probe",
    );
  });

  it("takes on what the asking execution has seen: answers end a run of failures", () => {
    const failing = busy({ unknownRun: 4, notSentRun: 3, answerMs: 100 });
    const unseen = slotsOf(failing, request()).account;
    expect([unseen.unknownRun, unseen.notSentRun, unseen.everAccepted]).toEqual([4, 3, false]);
    const seen = slotsOf(failing, request({ answerStats: { answered: true, accepted: true, answerMs: 900 } })).account;
    expect([seen.unknownRun, seen.notSentRun, seen.everAccepted, seen.answerMs]).toEqual([0, 0, true, 900]);
  });
});

describe("a probe that ends", () => {
  const probing = (changes: Partial<Account> = {}) =>
    busy({ probe: { token: "probe", leaseUntil: now + 35_000 }, probeDue: true, ...changes });

  it.each(["accepted", "answered"] as const)("opens the rate when it is %s", (result) => {
    const hold = { since: now - minute, until: now, step: 2, reason: "silent" };
    const before = probing({ hold, failedProbes: 3, unknownRun: 4, notSentRun: 2 });
    const after = endProbe(before, "probe", result, "", now);
    expect(admissionOf(after, now)).toEqual({ kind: "open" });
    expect(after).toMatchObject({ unknownRun: 0, notSentRun: 0 });
    expect([after.hold, after.failedProbes, after.everAccepted]).toEqual([undefined, 0, result === "accepted"]);
  });

  it("that was late moves the slots after it, so that they keep their distance from it", () => {
    const account = probing({ nextFreeAt: now + 270 });
    expect(endProbe(account, "probe", "accepted", "", now + 900, 850).nextFreeAt).toBe(now + 270 + 850);
  });

  it("is due again when it was not fired", () => {
    const after = endProbe(probing(), "probe", "not-fired", "", now);
    expect(admissionOf(after, now)).toEqual({ kind: "probe-due" });
    expect(after.epoch).toBe(0);
  });

  it("that an idle account made one is due again when it was not fired: its slot alone shows no life", () => {
    const { account, probe } = slotsOf(busy({ nextFreeAt: now - 11 * minute }), request());
    expect([probe, account.probeDue]).toEqual(["probe", false]);
    expect(admissionOf(endProbe(account, "probe", "not-fired", "", now), now)).toEqual({ kind: "probe-due" });
  });

  it("is left alone by whoever does not hold its token", () => {
    const before = probing();
    for (const result of ["accepted", "answered", "failed", "not-fired"] as const)
      expect(endProbe(before, "other", result, "", now)).toBe(before);
  });

  it("holds for 1, 2, 5 and then ever 10 minutes when it fails, once something had been accepted", () => {
    let account = busy({ everAccepted: true });
    let at = now;
    const lasted: number[] = [];
    for (let probe = 0; probe < 8; probe++) {
      account = { ...account, probe: { token: "probe", leaseUntil: at + 1 } };
      account = endProbe(account, "probe", "failed", "silent", at);
      const admission = admissionOf(account, at);
      if (admission.kind !== "held") throw new Error(`It is ${admission.kind}.`);
      lasted.push((admission.until - at) / minute);
      at = admission.until;
      expect(admissionOf(account, at)).toEqual({ kind: "probe-due" });
      expect(admission.since).toBe(now);
    }
    expect(lasted).toEqual([1, 2, 5, 10, 10, 10, 10, 10]);
  });

  it("pauses after six failures when nothing was ever accepted", () => {
    let account = probing();
    for (let failed = 1; failed <= 6; failed++) {
      expect(account.pause).toBeUndefined();
      account = { ...account, probe: { token: "probe", leaseUntil: now + 1 } };
      account = endProbe(account, "probe", "failed", "no connection to pbx.example.com", now);
    }
    expect(account.pause).toMatchObject({ code: "endpoint", at: now });
    expect(account.pause?.reason).toMatch(/6 attempts failed: no connection to pbx.example.com/u);
    expect(account.hold).toBeUndefined();
  });

  it("makes slots given out under it worthless when it fails", () => {
    expect(endProbe(probing(), "probe", "failed", "silent", now).epoch).toBe(1);
  });
});

describe("calls in doubt", () => {
  it("hold for a minute when five come in a row, and not before", () => {
    let account = busy();
    for (let unknown = 1; unknown <= 4; unknown++) account = countUnknown(account, 0, "no answer", now);
    expect(admissionOf(account, now)).toEqual({ kind: "open" });
    account = countUnknown(account, 0, "no answer", now);
    expect(admissionOf(account, now)).toMatchObject({ kind: "held", until: now + minute, reason: "no answer" });
    expect(account.epoch).toBe(1);
  });

  it("count nothing when they were fired before the account changed", () => {
    const before = busy({ epoch: 3, unknownRun: 4 });
    expect(countUnknown(before, 2, "no answer", now)).toBe(before);
  });

  it("hold at once when too many stay unanswered, but once only", () => {
    const held = holdUnanswered(busy(), 0, "silent", now);
    expect(admissionOf(held, now)).toMatchObject({ kind: "held", until: now + minute });
    expect(holdUnanswered(held, 0, "silent", now)).toBe(held);
    expect(holdUnanswered(held, 1, "silent", now)).toBe(held);
  });
});

describe("a hold", () => {
  it("begins the counts again and leaves nothing of a probe, whose slot is worth nothing any more", () => {
    const before = busy({ unknownRun: 4, notSentRun: 3, probe: { token: "probe", leaseUntil: now + minute } });
    const after = countUnknown(before, 0, "no answer", now);
    expect(after).toMatchObject({ unknownRun: 0, notSentRun: 0, probeDue: true, probe: undefined, epoch: 1 });
  });

  it("for calls that stay unanswered is not begun by those fired before the account changed", () => {
    const before = busy({ epoch: 3 });
    expect(holdUnanswered(before, 2, "silent", now)).toBe(before);
    expect(holdUnanswered(before, 3, "silent", now).hold).toMatchObject({ since: now, until: now + minute });
  });
});

describe("calls proven not sent", () => {
  it("move the next slot away, doubling, and hold when five come in a row", () => {
    let account = busy();
    const delays: number[] = [];
    for (let count = 1; count <= 4; count++) {
      account = countNotSent({ ...account, nextFreeAt: now }, 0, "refused", now);
      delays.push(account.nextFreeAt - now);
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000]);
    expect(account.hold).toBeUndefined();
    account = countNotSent(account, 0, "refused", now);
    expect(admissionOf(account, now)).toMatchObject({ kind: "held", until: now + minute, reason: "refused" });
  });

  it("wait as long as the server asks, as a hold when that is long, and never for more than a quarter of an hour", () => {
    expect(countNotSent(busy(), 0, "429", now, 7_000).nextFreeAt).toBe(now + 7_000);
    const long = countNotSent(busy(), 0, "429", now, 120_000);
    expect(long.hold?.until).toBe(now + 120_000);
    expect(countNotSent(busy(), 0, "429", now, 24 * 60 * minute).hold?.until).toBe(now + 15 * minute);
  });

  it("hold for a wait of more than thirty seconds, and merely wait for a shorter one", () => {
    expect(countNotSent(busy(), 0, "429", now, 30_000).hold).toBeUndefined();
    expect(countNotSent(busy(), 0, "429", now, 30_001).hold).toMatchObject({ until: now + minute });
  });

  it("never bring a slot nearer that is further away already", () => {
    expect(countNotSent(busy({ nextFreeAt: now + minute }), 0, "429", now, 1).nextFreeAt).toBe(now + minute);
  });

  it("count nothing when they were fired before the account changed", () => {
    const before = busy({ epoch: 3, notSentRun: 4 });
    expect(countNotSent(before, 2, "refused", now)).toBe(before);
  });
});

describe("a pause", () => {
  it("wins over a hold and takes its place", () => {
    const held = holdUnanswered(busy(), 0, "silent", now);
    const after = pauseAccount(held, held.epoch, pause);
    expect(admissionOf(after, now)).toEqual({ kind: "paused", pause });
    expect(admissionOf({ ...held, pause }, now)).toEqual({ kind: "paused", pause });
  });

  it("makes slots given out before it worthless, and leaves nothing of a probe", () => {
    const probing = busy({ epoch: 4, probe: { token: "probe", leaseUntil: now + minute } });
    expect(pauseAccount(probing, 4, pause)).toMatchObject({ pause, epoch: 5, probe: undefined });
  });

  it("is not set by a refusal that was seen before a person resumed", () => {
    const resumed = resumeAccount(busy({ pause, epoch: 4 }));
    expect(pauseAccount(resumed, 4, pause)).toBe(resumed);
  });

  it("ends by resume, with a probe first and nothing left of the failures", () => {
    const hold = { since: now, until: now + minute, step: 3, reason: "silent" };
    const probe = { token: "probe", leaseUntil: now + minute };
    const after = resumeAccount(busy({ pause, hold, probe, epoch: 4, failedProbes: 6, unknownRun: 3, notSentRun: 2 }));
    expect(admissionOf(after, now)).toEqual({ kind: "probe-due" });
    expect(after).toMatchObject({ epoch: 5, failedProbes: 0, unknownRun: 0, notSentRun: 0 });
  });
});

describe("a changed rate", () => {
  it("gives up slots far ahead, after the ones that may already be claimed", () => {
    const slow = busy({ rate: 0.05, nextFreeAt: now + 20_000 });
    const after = changeRate(slow, 10, now);
    expect(after.nextFreeAt).toBe(now + 5500);
    expect(after).toMatchObject({ rate: 10, epoch: 1 });
  });

  it("leaves slots near at hand alone", () => {
    expect(changeRate(busy({ nextFreeAt: now + 300 }), 1, now).nextFreeAt).toBe(now + 300);
  });
});

describe("the most calls of a day", () => {
  const dayLimit = { calls: 12, timezone: "UTC" };
  const midnight = Date.UTC(2026, 2, 3);
  const asking = (changes: Partial<SlotRequest> = {}) =>
    request({ dayLimit, latest: now + 48 * 60 * minute, ...changes });

  it("are counted as slots are given, and none is given beyond", () => {
    const first = slotsOf(busy(), asking());
    expect(first.slots).toHaveLength(10);
    expect(first.account.day).toEqual({ from: midnight - 24 * 60 * minute, until: midnight, used: 10 });
    const second = slotsOf(first.account, asking());
    expect(second.slots).toHaveLength(2);
    const third = takeSlots(second.account, asking(), now);
    if (third.kind !== "ask-again" || third.account === undefined) throw new Error(third.kind);
    // What was given out is still called, a probe even a second late.
    expect(third.at).toBe(second.account.nextFreeAt + 1_500);
    expect(admissionOf(third.account, third.at - 1)).toEqual({ kind: "open" });
    expect(takeSlots(third.account, asking(), now)).toEqual({ kind: "ask-again", at: third.at });
    const full = { kind: "day-full", from: third.at, until: midnight + 1_000, calls: 12 };
    expect(takeSlots(third.account, asking(), third.at)).toEqual({ kind: "closed", admission: full });
    expect(slotsOf(third.account, asking(), midnight + 1_000).account).toMatchObject({
      day: { from: midnight, used: 1 },
      dayFull: undefined,
    });
  });

  it("are those of today: what was counted of yesterday is no longer, from midnight on", () => {
    const { account } = slotsOf(busy(), asking());
    expect(usedToday(account, midnight - 1)).toBe(10);
    expect(usedToday(account, midnight)).toBe(0);
    expect(usedToday(freshAccount, now)).toBe(0);
  });

  it("count probes, too", () => {
    const { account, probe } = slotsOf(freshAccount, asking());
    expect(probe).toBe("probe");
    expect(account.day?.used).toBe(1);
  });

  it("leave the moments around midnight free, when clocks and late calls could take one day for the other", () => {
    const late = slotsOf(busy({ nextFreeAt: midnight - 2_300 }), asking(), midnight - 3_500);
    expect(late.slots).toEqual([midnight - 2_300, midnight - 2_200, midnight - 2_100, midnight - 2_000]);
    expect(takeSlots(late.account, asking(), midnight - 3_000)).toEqual({ kind: "ask-again", at: midnight - 2_000 });
    const next = slotsOf(late.account, asking(), midnight - 100);
    expect(next.slots[0]).toBe(midnight + 1_000);
    expect(next.account.day).toMatchObject({ from: midnight, used: 10 });
    // A change of rate gives slots up, but nobody goes back into the day before.
    const changed = changeRate(next.account, 5, midnight - 50);
    expect(slotsOf(changed, asking(), midnight - 50).slots[0]).toBeGreaterThanOrEqual(midnight + 1_000);
  });

  it("can be lowered and raised, and a day that has room again is open at once", () => {
    const account = slotsOf(busy(), asking()).account;
    const lowered = changeCallsPerDay(account, 5);
    const asked = takeSlots(lowered, asking(), now);
    if (asked.kind !== "ask-again" || asked.account === undefined) throw new Error(asked.kind);
    expect(asked.account.dayFull?.calls).toBe(5);
    expect(reopenDay(asked.account, 12)).toBe(asked.account);
    // Exactly as many as were given out leaves no room.
    expect(changeCallsPerDay(asked.account, 10).dayFull).toEqual(asked.account.dayFull);
    const raised = changeCallsPerDay(asked.account, 12);
    expect(raised.dayFull).toBeUndefined();
    expect(slotsOf(raised, asking()).slots).toHaveLength(2);
    expect(reopenDay(asked.account, undefined).dayFull).toBeUndefined();
    expect(callsPerDayOf(changeCallsPerDay(account, 100), 12)).toBe(12);
  });

  it("are not those at whose slots no call was made, and a day that is full because of them is open again", () => {
    const { account, slots } = slotsOf(busy(), asking({ rows: 12 }));
    const unused = slots.slice(7);
    const lowered = changeCallsPerDay(account, 10);
    const asked = takeSlots(lowered, asking(), now);
    if (asked.kind !== "ask-again" || asked.account === undefined) throw new Error(asked.kind);
    const back = giveBack(asked.account, unused, 12);
    expect(usedToday(back, now)).toBe(7);
    expect(back.dayFull).toBeUndefined();
    expect(slotsOf(back, asking()).slots).toHaveLength(3);
    // Where it is still full, it stays so.
    expect(giveBack({ ...asked.account, callsPerDay: 5 }, unused, 12).dayFull).toEqual(asked.account.dayFull);
    expect(giveBack(account, [], 12)).toBe(account);
    expect(giveBack(busy(), unused, 12)).toEqual(busy());
    expect(usedToday(giveBack({ ...account, day: account.day && { ...account.day, used: 2 } }, unused, 12), now)).toBe(
      0,
    );
  });

  it("of another day stay as they are when slots of this one are given back", () => {
    const { account } = slotsOf(busy(), asking());
    const yesterday = midnight - 24 * 60 * minute;
    expect(giveBack(account, [yesterday - 1, midnight], 12)).toBe(account);
    expect(usedToday(giveBack(account, [yesterday, midnight - 1], 12), now)).toBe(8);
  });

  it("go on being counted when the stack's zone changes in the middle of a day", () => {
    const account = { ...busy(), day: { from: midnight - 24 * 60 * minute, until: midnight, used: 12 } };
    const elsewhere = { calls: 12, timezone: "Asia/Kolkata" };
    expect(takeSlots(account, asking({ dayLimit: elsewhere }), now)).toMatchObject({ kind: "ask-again" });
    // Midnight of UTC is in the middle of a day of India's, of which half was counted already.
    const after = takeSlots(account, asking({ dayLimit: elsewhere }), midnight + 1_000);
    expect(after).toMatchObject({ kind: "ask-again", account: { day: { used: 12 } } });
  });

  it("leave the latest instant that is of use as it is", () => {
    const latest = now + 200 + 450;
    expect(slotsOf(busy(), asking({ latest })).slots).toHaveLength(5);
  });

  it("do not matter without a limit, and an account of an older version has none", () => {
    const { slots, account } = slotsOf(busy({ day: { from: 0, until: midnight, used: 500 } }), request());
    expect(slots).toHaveLength(10);
    // Should there be one again today, they count.
    expect(account.day?.used).toBe(510);
    expect(Account.parse({ nextFreeAt: 1 })).not.toHaveProperty("dayFull");
  });
});
