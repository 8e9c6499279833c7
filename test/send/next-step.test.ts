import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import type { Grant } from "../../shared/account/throttle.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { BatchItem, ClaimedBatch } from "../../shared/ledger/batch-item.ts";
import { progressOf } from "../../shared/send/batch-progress.ts";
import { type FlightReading, type Learned, nextStep, type Round, type Step } from "../../shared/send/next-step.ts";
import type { SendState } from "../../shared/send/send-state.ts";
import { batchMessage, running, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const now = nineOClock;
const round = (changes: Partial<Round> = {}): Round => ({
  item: undefined,
  missed: false,
  now,
  receivedAt: now,
  latestFireAt: now + 65_000,
  ...changes,
});

const base = { v: 1 as const, batch: 1, prev: 0, rows: 2, turn: 1, outcomes: [], expiresAt: 1 };
const open: BatchItem = { ...base, state: "open" };
const done: BatchItem = { ...base, state: "done" };
const claimed = (leaseUntil: number): ClaimedBatch => ({
  ...base,
  state: "claimed",
  token: "theirs",
  firing: [1, 2],
  leaseUntil,
});

const credentials = { username: "u", password: "p", version: "1" };
const state = (changes: Partial<CommittedCampaign> = {}): SendState => ({
  campaign: running(changes),
  account: { ...freshAccount, epoch: 7, nextFreeAt: now },
  optedOut: () => undefined,
});
const progress = progressOf(batchMessage(1), undefined);
const nothingLeft = progressOf(batchMessage(1), { ...open, outcomes: [submitted(1), submitted(2)] });
const calm: FlightReading = { hangs: false, stopped: false, refused: false, full: false, othersWait: false };
const ready = (changes: Partial<Extract<Learned, { of: "credentials" }>> = {}): Learned => ({
  of: "credentials",
  state: state(),
  progress,
  credentials,
  flight: calm,
  ...changes,
});
const slots: Extract<Grant, { kind: "slots" }> = {
  kind: "slots",
  slots: [now + 200],
  epoch: 7,
  rate: 10,
  probe: undefined,
};
const granted = (grant: Grant, at = now): Learned => ({
  of: "slots",
  sendable: { state: state(), progress, credentials },
  grant,
  now: at,
});

const acknowledge: Step = { kind: "acknowledge" };
const giveBack = (afterMs: number, stale = false): Step => ({ kind: "give-back", afterMs, stale });

describe("an item", () => {
  it("that is done is acknowledged", () => {
    expect(nextStep(round({ item: done }), { of: "item" })).toEqual(acknowledge);
  });

  it("that is open, or was never claimed, has its campaign and account read", () => {
    expect(nextStep(round(), { of: "item" })).toEqual({ kind: "read-state" });
    expect(nextStep(round({ item: open }), { of: "item" })).toEqual({ kind: "read-state" });
  });

  it("under a live lease is given back until the lease ends, for ten seconds at most", () => {
    expect(nextStep(round({ item: claimed(now) }), { of: "item" })).toEqual(giveBack(1_000));
    expect(nextStep(round({ item: claimed(now + 4_000) }), { of: "item" })).toEqual(giveBack(5_000));
    expect(nextStep(round({ item: claimed(now + 60_000) }), { of: "item" })).toEqual(giveBack(10_000));
  });

  it("whose lease ran out is settled, and the next round begins with what came of that", () => {
    const item = claimed(now - 1);
    expect(nextStep(round({ item }), { of: "item" })).toEqual({ kind: "settle", item });
    expect(nextStep(round({ item, missed: true }), { of: "settling", item: open })).toEqual({
      kind: "begin-again",
      item: open,
      missed: true,
      stale: false,
    });
  });
});

describe("a state", () => {
  const step = (found: SendState | undefined) => nextStep(round(), { of: "state", state: found });

  it("of another pass, or of a campaign that is over, has the message acknowledged", () => {
    expect(step(undefined)).toEqual(acknowledge);
    expect(step(state({ state: "ending", end: { why: "cancelled", at: now } }))).toEqual(acknowledge);
  });

  it("in which the campaign may send asks for credentials", () => {
    expect(step(state())).toMatchObject({ kind: "read-credentials", state: { account: { epoch: 7 } } });
  });

  it("in which it may not send now parks the pass", () => {
    const paused = state({ state: "paused", pause: { code: "person", reason: "Paused.", at: now } });
    expect(step(paused)).toEqual({ kind: "park", state: paused });
  });
});

describe("with the credentials", () => {
  it("rows left are reserved slots", () => {
    expect(nextStep(round(), ready())).toMatchObject({ kind: "reserve", sendable: { progress, credentials } });
  });

  it("missing, rows left pause the account; a batch without any is claimed all the same", () => {
    expect(nextStep(round(), ready({ credentials: undefined }))).toMatchObject({ kind: "pause-for-credentials" });
    expect(nextStep(round(), ready({ credentials: undefined, progress: nothingLeft }))).toMatchObject({
      kind: "claim",
      firing: undefined,
    });
  });

  it("too late for an answer before the deadline, the message is given back", () => {
    expect(nextStep(round({ now: now + 65_001 }), ready())).toEqual(giveBack(1_000));
    expect(nextStep(round({ now: now + 65_000 }), ready())).toMatchObject({ kind: "reserve" });
  });

  it("too late, the account isn't told to hold: what hangs is told of by those who can still call", () => {
    const hangs = ready({ flight: { ...calm, hangs: true } });
    expect(nextStep(round({ now: now + 65_001 }), hangs)).toEqual(giveBack(1_000));
  });

  it("the account is told to hold when calls hang, or when rows are left that this execution may not fire", () => {
    const hold: Step = { kind: "hold-account", epoch: 7 };
    const [hangs, stopped] = [
      { ...calm, hangs: true },
      { ...calm, stopped: true, refused: true },
    ];
    expect(nextStep(round(), ready({ flight: hangs }))).toEqual(hold);
    expect(nextStep(round(), ready({ flight: hangs, progress: nothingLeft }))).toEqual(hold);
    expect(nextStep(round(), ready({ flight: stopped }))).toEqual(hold);
    expect(nextStep(round(), ready({ flight: stopped, progress: nothingLeft }))).toMatchObject({ kind: "claim" });
    expect(nextStep(round({ item: open }), { of: "hold" })).toEqual({
      kind: "begin-again",
      item: open,
      missed: false,
      stale: true,
    });
  });

  it("refused, the message waits for newer ones, and is given back after three seconds", () => {
    const refused = ready({ flight: { ...calm, refused: true, full: true } });
    const wait = { kind: "begin-again", item: open, missed: true, stale: true };
    expect(nextStep(round({ item: open, missed: true }), refused)).toEqual({ ...wait, at: now + 200 });
    expect(nextStep(round({ receivedAt: now - 3_000 }), refused)).toMatchObject({ kind: "begin-again" });
    expect(nextStep(round({ receivedAt: now - 3_001 }), refused)).toEqual(giveBack(2_000, true));
  });

  it("and as many calls under way as may be, the row waits a moment", () => {
    const full = ready({ flight: { ...calm, full: true } });
    expect(nextStep(round(), full)).toMatchObject({ kind: "begin-again", at: now + 100, stale: false });
    expect(nextStep(round(), ready({ flight: { ...calm, full: true }, progress: nothingLeft }))).toMatchObject({
      kind: "claim",
    });
  });

  it("rows left by missed slots get others soon or behind the execution's own, and go back while another sends", () => {
    const taken = state();
    const busy = { ...taken, account: { ...taken.account, nextFreeAt: now + 1_001 } };
    expect(nextStep(round({ missed: true }), ready())).toMatchObject({ kind: "reserve" });
    expect(nextStep(round({ missed: true }), ready({ state: busy }))).toEqual(giveBack(10_000));
    expect(nextStep(round({ missed: true, afterOthersMs: 2_000 }), ready({ state: busy }))).toEqual(giveBack(2_000));
    const othersWait = ready({ state: busy, flight: { ...calm, othersWait: true } });
    expect(nextStep(round({ missed: true }), othersWait)).toMatchObject({ kind: "reserve" });
    expect(nextStep(round(), ready({ state: busy }))).toMatchObject({ kind: "reserve" });
    expect(nextStep(round({ missed: true }), ready({ progress: nothingLeft }))).toMatchObject({ kind: "claim" });
  });
});

describe("a grant", () => {
  it("of slots has the batch claimed", () => {
    expect(nextStep(round(), granted(slots))).toMatchObject({
      kind: "claim",
      progress,
      firing: { slots, credentials },
    });
  });

  it("too far away gives the message back until a second before, for ten minutes at most", () => {
    const tooLate = (firstFreeAt: number) => nextStep(round(), granted({ kind: "too-late", firstFreeAt }, now + 500));
    expect(tooLate(now + 80_500)).toEqual(giveBack(79_000));
    expect(tooLate(now)).toEqual(giveBack(1_000));
    expect(tooLate(now + 3_600_000)).toEqual(giveBack(600_000));
  });

  it("refused because the account closed has everything read again at once", () => {
    const held = { kind: "held", until: now + 60_000, since: now, reason: "silent" } as const;
    expect(nextStep(round(), granted({ kind: "closed", admission: held }))).toEqual({
      kind: "begin-again",
      item: undefined,
      missed: false,
      stale: true,
    });
  });

  it("refused because another row is the probe is asked for again, and the message given back after three seconds", () => {
    const probing: Grant = { kind: "closed", admission: { kind: "probing", until: now + 30_000 } };
    expect(nextStep(round(), granted(probing, now + 3_000))).toMatchObject({
      kind: "begin-again",
      at: now + 3_200,
      stale: true,
    });
    expect(nextStep(round(), granted(probing, now + 3_001))).toEqual(giveBack(2_000, true));
  });
});

describe("an attempt", () => {
  it("that came too late gives the message back", () => {
    expect(nextStep(round(), { of: "attempt", attempt: { kind: "too-late" } })).toEqual(giveBack(1_000));
  });

  it("whose claim failed begins again with the item that is there", () => {
    const item = claimed(now + 1);
    expect(nextStep(round({ missed: true }), { of: "attempt", attempt: { kind: "not-claimed", item } })).toEqual({
      kind: "begin-again",
      item,
      missed: true,
      stale: false,
    });
  });

  it("whose claim was settled meanwhile is over", () => {
    expect(nextStep(round(), { of: "attempt", attempt: { kind: "settled" } })).toEqual(acknowledge);
  });

  it("that was recorded is over when all is done; otherwise everything is read again", () => {
    const recorded = (item: BatchItem, missed: boolean) =>
      nextStep(round({ missed: true }), { of: "attempt", attempt: { kind: "recorded", item, missed } });
    expect(recorded(done, false)).toEqual(acknowledge);
    expect(recorded(open, false)).toEqual({ kind: "begin-again", item: open, missed: false, stale: true });
    expect(recorded(open, true)).toEqual({ kind: "begin-again", item: open, missed: true, stale: true });
  });
});

it("a batch whose rows wait for hours that are about to begin comes again, and is then looked at afresh; others are over", () => {
  const waiting = (from: number | undefined) => ready({ progress: { ...nothingLeft, later: { from } } });
  expect(nextStep(round(), waiting(now + 30_000))).toEqual(giveBack(31_000, true));
  expect(nextStep(round(), waiting(now + 30_001))).toEqual(acknowledge);
  expect(nextStep(round(), waiting(undefined))).toEqual(acknowledge);
});
