import { describe, expect, it } from "vitest";
import { type Account, freshAccount } from "../../shared/account/account.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { closesAt, type MaySend, maySend } from "../../shared/campaign/may-send.ts";
import { closedGroups, hoursChanged, hoursOfPass, waits } from "../../shared/campaign/recipient-hours.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const now = nineOClock;
const pause = { code: "person" as const, reason: "Paused by anna.", at: now };
const hold = { since: now - 5, until: now + 60_000, step: 1, reason: "silent" };
const closed = { from: "10:00", to: "12:00", timezone: "UTC" };
const day = { from: "08:00", to: "20:00", timezone: "UTC" };
const past = "2026-03-02T08:59:59Z";
const future = "2026-03-02T09:30:00Z";
const tenOClock = now + 3_600_000;

const may = (campaign: Partial<CommittedCampaign> = {}, account: Partial<Account> = {}, at = now) =>
  maySend(running(campaign), { ...freshAccount, nextFreeAt: now, ...account }, at);

describe("whether a campaign may send", () => {
  it.each<[string, Partial<CommittedCampaign>, Partial<Account>, MaySend]>([
    ["it runs", {}, {}, { kind: "yes" }],
    ["a probe is due, which is sent too", {}, { probeDue: true }, { kind: "yes" }],
    ["it is inside its window", { options: { window: day } }, {}, { kind: "yes" }],
    ["sendAfter has come", { options: { sendAfter: past } }, {}, { kind: "yes" }],
    ["sendBefore is still to come", { options: { sendBefore: future } }, {}, { kind: "yes" }],
    ["a hold is over", {}, { hold: { ...hold, until: now } }, { kind: "yes" }],
    ["it is paused", { state: "paused", pause }, {}, { kind: "campaign-paused", pause }],
    ["the account is paused", {}, { pause }, { kind: "account-paused", pause }],
    ["the account is on hold", {}, { hold }, { kind: "held", ...hold }],
    ["the account is paused and on hold", {}, { hold, pause }, { kind: "account-paused", pause }],
    [
      "sendAfter is to come",
      { options: { sendAfter: future } },
      {},
      { kind: "waiting", why: "sendAfter", until: now + 1_800_000 },
    ],
    ["its window is closed", { options: { window: closed } }, {}, { kind: "waiting", why: "window", until: tenOClock }],
    [
      "the stack's window is closed, though its own is open",
      { options: { window: day }, defaults: { window: closed } },
      {},
      { kind: "waiting", why: "window", until: tenOClock },
    ],
    [
      "its window and the stack's never meet",
      { options: { window: { ...day, days: ["sat"] } }, defaults: { window: { ...day, days: ["mon"] } } },
      {},
      { kind: "waiting", why: "window", until: undefined },
    ],
    ["sendBefore has passed", { options: { sendBefore: past } }, {}, { kind: "expired", why: "sendBefore" }],
    [
      "sendBefore has passed while it was paused: it ends all the same",
      { options: { sendBefore: past }, state: "paused", pause },
      { pause },
      { kind: "expired", why: "sendBefore" },
    ],
    [
      "the ledger forgets it soon",
      { retainUntil: now + 3_600_000, createdAt: now - 89 * 86_400_000 },
      {},
      { kind: "expired", why: "retention" },
    ],
    ["it is ending", { state: "ending" }, {}, { kind: "never" }],
    ["it is complete", { state: "complete" }, {}, { kind: "never" }],
  ])("when %s", (_when, campaign, account, expected) => {
    expect(may(campaign, account)).toEqual(expected);
  });

  it("never, when there is no campaign or it was refused", () => {
    expect(maySend(undefined, freshAccount, now)).toEqual({ kind: "never" });
    expect(maySend(refused(), freshAccount, now)).toEqual({ kind: "never" });
  });

  it("until the very instant of sendBefore, and from the very instant of sendAfter", () => {
    const options = { sendBefore: "2026-03-02T09:00:00Z" };
    expect(may({ options }, {}, now - 1).kind).toBe("yes");
    expect(may({ options }, {}, now).kind).toBe("expired");
    expect(may({ options: { sendAfter: "2026-03-02T10:00:00+01:00" } }, {}, now).kind).toBe("yes");
    expect(may({ options: { sendAfter: "2026-03-02T10:00:00+01:00" } }, {}, now - 1).kind).toBe("waiting");
  });

  it("is over a day before the ledger forgets, or a tenth of a short retention", () => {
    const day = 86_400_000;
    expect(closesAt(running({ createdAt: now, retainUntil: now + 90 * day }))).toBe(now + 89 * day);
    expect(closesAt(running({ createdAt: now, retainUntil: now + day }))).toBe(now + 0.9 * day);
  });
});

describe("by the recipients' clocks", () => {
  const options = { window: { from: "09:00", to: "20:00", timezone: "recipient" } };
  const zones = [
    { zones: ["Europe/London"], rows: 1 },
    { zones: ["America/New_York"], rows: 1 },
    { zones: ["Asia/Tokyo", "Europe/London"], rows: 1 },
  ];
  const row = (zone: number | undefined, at = now, defaults: CommittedCampaign["defaults"] = {}) =>
    maySend(running({ options, zones, defaults }), { ...freshAccount, nextFreeAt: now }, at, { zone });

  it("each row has its own hours; of several zones all must be open", () => {
    expect([0, 1, 2].map((zone) => row(zone).kind)).toEqual(["yes", "waiting", "yes"]);
    expect([0, 1, 2].map((zone) => row(zone, now + 6 * 3_600_000).kind)).toEqual(["yes", "yes", "waiting"]);
    expect(row(1)).toEqual({ kind: "waiting", why: "window", until: now + 5 * 3_600_000 });
  });

  it("the stack's window narrows them", () => {
    expect(row(0, now, { window: closed })).toEqual({ kind: "waiting", why: "window", until: tenOClock });
  });

  it("a row whose zone nobody knows is never sent", () => {
    expect([undefined, 3].map((zone) => row(zone))).toEqual(
      Array(2).fill({ kind: "waiting", why: "window", until: undefined }),
    );
  });

  it("a campaign does not go by the hours of zones that nobody is in", () => {
    const some = [{ zones: ["Europe/London"], rows: 0 }, ...zones.slice(1, 2)];
    expect(may({ options, zones: some })).toEqual({ kind: "waiting", why: "window", until: now + 5 * 3_600_000 });
    const campaign = running({ options, zones: some });
    expect(hoursChanged(campaign, now - 3_600_000, now)).toBe(false);
    expect(hoursChanged(campaign, now, now + 5 * 3_600_000 - 1)).toBe(false);
    expect(hoursChanged(campaign, now, now + 5 * 3_600_000)).toBe(true);
    expect(hoursChanged(campaign, now - 8 * 86_400_000, now)).toBe(true);
  });

  it("a batch of which nothing is known to be left is not one that waits", () => {
    expect(waits([], new Set([0]))).toBe(false);
    expect(waits([0, 0], new Set([0]))).toBe(true);
    expect(waits([0, 1], new Set([0]))).toBe(false);
    expect(closedGroups(running({ options, zones }), now)).toEqual(new Set([1]));
    expect(hoursOfPass({ hoursAt: 5, passStartedAt: 7 })).toBe(5);
    expect(hoursOfPass({ passStartedAt: 7 })).toBe(7);
  });

  it("a campaign waits until the first hours of anybody", () => {
    const early = now - 3_600_000;
    expect(may({ options, zones }).kind).toBe("yes");
    expect(may({ options, zones: zones.slice(0, 2) }, {}, early)).toEqual({
      kind: "waiting",
      why: "window",
      until: now,
    });
    expect(may({ options })).toEqual({ kind: "waiting", why: "window", until: undefined });
  });
});
