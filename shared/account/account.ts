import * as z from "zod";
import { CountedDay, DayFull, type DayLimit, fullDay, placeInDay } from "./day-limit.ts";
import { endOf, firstSlot, Lanes, laneFor, lanesFrom, neglectedFrom } from "./lanes.ts";
import { Pause } from "./pause.ts";
import { intervalMs, lanesOf, slotsAtOnce, slowBatch, stepMs } from "./slots.ts";

/** Something that a person did to the account, as `storedAction` writes it. */
export const AccountDeed = z.object({ what: z.string(), by: z.string(), at: z.number() });
export type AccountDeed = z.infer<typeof AccountDeed>;

/**
 * The one Enswitch account of a stack, as the ledger keeps it. Pure functions turn one state into the next; the
 * account store (`createAccountStore`) applies them one at a time, whichever process asks.
 */
export const Account = z.object({
  /** The rate that a person set, calls per second; absent: the stack's ceiling. */
  rate: z.number().positive().optional(),
  /** The most calls a day that a person set; absent: the stack's. */
  callsPerDay: z.int().positive().optional(),
  /** The day of the latest slots; absent where there never was a limit, and in items of older versions. */
  day: CountedDay.optional(),
  /** The day's calls are given out. */
  dayFull: DayFull.optional(),
  /** The next free slot, epoch milliseconds. */
  nextFreeAt: z.number().default(0),
  /** The execution that took the latest slots: it may reserve further ahead, so that executions finish in turn. */
  holder: z.string().optional(),
  /** How the slots are divided at a rate that needs several executions; void once `nextFreeAt` is not its end. */
  lanes: Lanes.optional(),
  /** Rises with every change that invalidates slots already handed out. */
  epoch: z.int().default(0),
  pause: Pause.optional(),
  /** Nothing is sent until `until`; `step` counts holds in a row. */
  hold: z.object({ since: z.number(), until: z.number(), step: z.int(), reason: z.string() }).optional(),
  /** One row is being tried; the holder of `token` alone may fire it, until `leaseUntil`. */
  probe: z.object({ token: z.string(), leaseUntil: z.number() }).optional(),
  /** The next call must be a probe. */
  probeDue: z.boolean().default(false),
  /** Calls in a row whose outcome is unknown, and calls in a row proven not sent. */
  unknownRun: z.int().default(0),
  notSentRun: z.int().default(0),
  failedProbes: z.int().default(0),
  everAccepted: z.boolean().default(false),
  /** A recent high of how long answers take, milliseconds: bounds how many calls may wait for one. */
  answerMs: z.number().default(0),
  /** What people last did to the account, newest last. */
  history: z.array(AccountDeed).default([]),
  /** Decisions about who is opted out; absent where none was ever made or read. */
  optOuts: z
    .object({
      /** How many there are: what was fed before the latest of them may have numbers that have been opted out since. */
      sequence: z.int().nonnegative().default(0),
      /** Since when replies are not read (epoch ms), and why. */
      unread: z.object({ since: z.number(), reason: z.string() }).optional(),
    })
    .optional(),
  /** Identifies the last mail about the account, so that it is sent once. */
  mailed: z.string().optional(),
});
export type Account = z.infer<typeof Account>;

/** An account through which nothing was ever sent. */
export const freshAccount: Account = Account.parse({});

/** After this long without a call, the endpoint is tried with one row before the rest follows. */
const idleMs = 10 * 60_000;

/** How far ahead the latest holder may reserve, and how far any other execution. */
const horizonMs = { holder: 3_000, other: 1_500 } as const;

/** From asking for a slot to using it, where the asking execution knows no better: the ledger's answers, the claim, two reads. */
const usualLeadMs = 200;

/** After a change of rate, calls already claimed may still use their slots: those of one batch, and clocks differ. */
const rateChangeMs = 1000 * slowBatch.seconds + 500;

/**
 * Unknown outcomes in a row that put the account on hold. An execution that sees as many fires nothing more under that
 * epoch, without waiting for the account.
 */
export const unknownsToHold = 5;

const holdStepsMs = [1, 2, 5, 10].map((minutes) => minutes * 60_000);
const notSentToHold = 5;
const failedProbesToPause = 6;

/** The rate in force: what a person set, never above the stack's ceiling. */
export const rateOf = (account: Account, ceiling: number): number => Math.min(account.rate ?? ceiling, ceiling);

/** The most calls a day in force: what a person set, never above the stack's. */
export const callsPerDayOf = (account: Pick<Account, "callsPerDay">, limit: number): number =>
  Math.min(account.callsPerDay ?? limit, limit);

/** How many of today's calls are given out at `now` (epoch ms): what was counted of a day that is over is no longer. */
export const usedToday = ({ day }: Pick<Account, "day">, now: number): number =>
  day !== undefined && now < day.until ? day.used : 0;

/**
 * About how many slots after `since` are given out at `now` (both epoch ms). Calls that Enswitch turned away put the next free slot
 * off: no more are given out before it than as far ahead as slots ever are.
 */
export function slotsSince(
  { nextFreeAt }: Pick<Account, "nextFreeAt">,
  rate: number,
  since: number,
  now: number,
): number {
  const furthest = now + horizonMs.holder + slotsAtOnce(rate, rate) * intervalMs(rate);
  return (Math.max(0, Math.min(nextFreeAt, furthest) - since) * rate) / 1000;
}

/** Whether, and how, a call may be made now. */
export type Admission =
  | { readonly kind: "open" }
  /** Only a probe may be made. */
  | { readonly kind: "probe-due" }
  | { readonly kind: "probing"; readonly until: number }
  | { readonly kind: "held"; readonly until: number; readonly since: number; readonly reason: string }
  | { readonly kind: "day-full"; readonly until: number; readonly calls: number }
  | { readonly kind: "paused"; readonly pause: Pause };

/** What the account's state allows at `now`. */
export function admissionOf(account: Account, now: number): Admission {
  if (account.pause !== undefined) return { kind: "paused", pause: account.pause };
  if (account.hold !== undefined && account.hold.until > now) return { kind: "held", ...account.hold };
  const { dayFull } = account;
  if (dayFull !== undefined && dayFull.from <= now && now < dayFull.until) return { kind: "day-full", ...dayFull };
  if (account.probe !== undefined && account.probe.leaseUntil > now) {
    return { kind: "probing", until: account.probe.leaseUntil };
  }
  const untried = account.probeDue || account.probe !== undefined || account.hold !== undefined;
  return untried || now - account.nextFreeAt > idleMs ? { kind: "probe-due" } : { kind: "open" };
}

/** What an execution asks for: slots for `rows` rows, none of them later than `latest`. */
export interface SlotRequest {
  readonly rows: number;
  readonly latest: number;
  readonly ceiling: number;
  /** The stack's limit of calls a day; absent: none. */
  readonly dayLimit?: DayLimit;
  /** The asking execution. */
  readonly holder: string;
  /** How long after now it can use a slot, in milliseconds; absent: 200. */
  readonly leadMs?: number;
  /** The fastest that one execution sends, calls per second; absent: as on AWS. */
  readonly laneRate?: number;
  /** The token a probe would have, and how long its answer may take with everything around it. */
  readonly probeToken: string;
  readonly probeLeaseMs: number;
  /** What the execution has seen of answers since it last asked. */
  readonly answerStats: { readonly answered: boolean; readonly accepted: boolean; readonly answerMs: number };
}

/** What an execution gets. */
export type SlotGrant =
  /** `slots` are instants (epoch ms), one for each of the first rows; worthless once the account's epoch differs. */
  | {
      readonly kind: "slots";
      readonly account: Account;
      readonly slots: readonly number[];
      readonly rate: number;
      readonly probe: string | undefined;
    }
  /** Enough slots are taken already: ask again at `at`. `account`: its next state, if that differs. */
  | { readonly kind: "ask-again"; readonly at: number; readonly account?: Account }
  /** No slot before `latest`; the first free one is at `firstFreeAt` (epoch ms). */
  | { readonly kind: "too-late"; readonly firstFreeAt: number }
  | { readonly kind: "closed"; readonly admission: Exclude<Admission, { kind: "open" | "probe-due" }> };

/** Hands out the next slots: at most `slotsAtOnce`, from a few seconds ahead at most, one row for a probe. */
export function takeSlots(account: Account, request: SlotRequest, now: number): SlotGrant {
  const admission = admissionOf(account, now);
  if (admission.kind !== "open" && admission.kind !== "probe-due") return { kind: "closed", admission };
  const rate = rateOf(account, request.ceiling);
  const probing = admission.kind === "probe-due";
  // A probe may be late, and nothing else is sent before its answer: a lead would only be waited for.
  const lane = nextLane(account, rate, { ...request, leadMs: probing ? 0 : request.leadMs }, now);
  const { first, latest, day, room } = placeOf(account, request, lane.first);
  const horizon = lane.holder === request.holder ? horizonMs.holder : horizonMs.other;
  if (first > request.latest) return { kind: "too-late", firstFreeAt: first };
  if (first > now + horizon) return { kind: "ask-again", at: Math.min(first - horizon, lane.neglectedFrom) };
  if (room <= 0 && day !== undefined) return waitForTomorrow(account, day, day.used + room, first);
  const step = stepMs(rate, lanesOf(rate, request.laneRate));
  const fitting = Math.floor((latest - first) / step) + 1;
  const count = probing ? 1 : Math.min(request.rows, slotsAtOnce(rate, request.laneRate), fitting, room);
  const slots = Array.from({ length: count }, (_, index) => first + index * step);
  return {
    kind: "slots",
    slots,
    rate,
    probe: probing ? request.probeToken : undefined,
    account: {
      ...account,
      ...lane.after(first + count * step),
      day: day && { ...day, used: day.used + count },
      dayFull: undefined,
      holder: request.holder,
      probe: probing ? { token: request.probeToken, leaseUntil: first + request.probeLeaseMs } : undefined,
      unknownRun: request.answerStats.answered ? 0 : account.unknownRun,
      notSentRun: request.answerStats.answered ? 0 : account.notSentRun,
      everAccepted: account.everAccepted || request.answerStats.accepted,
      answerMs: Math.max(request.answerStats.answerMs, account.answerMs * 0.98),
    },
  };
}

/** Where an execution's next slots are. */
interface NextLane {
  readonly first: number;
  /** The execution that took the slots before them. */
  readonly holder: string | undefined;
  /** When slots beside them would soon be lost, epoch ms. */
  readonly neglectedFrom: number;
  /** The account's slots once those before `at` are taken. */
  after(at: number): Pick<Account, "nextFreeAt" | "lanes">;
}

function nextLane(account: Account, rate: number, request: SlotRequest, now: number): NextLane {
  const { nextFreeAt, lanes } = account;
  const { holder, leadMs = usualLeadMs } = request;
  const earliest = now + leadMs;
  const count = lanesOf(rate, request.laneRate);
  if (count === 1) {
    return {
      first: Math.max(nextFreeAt, earliest),
      holder: account.holder,
      neglectedFrom: Number.POSITIVE_INFINITY,
      after: (at) => ({ nextFreeAt: at, lanes: undefined }),
    };
  }
  const valid = lanes?.rate === rate && lanes.next.length === count && endOf(lanes) === nextFreeAt;
  const divided = valid ? lanes : lanesFrom(rate, count, Math.max(nextFreeAt, earliest));
  const index = laneFor(divided, holder, earliest);
  const lane = divided.next[index] ?? { at: earliest };
  return {
    first: firstSlot(lane, divided, earliest),
    holder: lane.holder,
    neglectedFrom: neglectedFrom(divided, leadMs),
    after: (at) => {
      const after = { rate, next: divided.next.with(index, { at, holder }) };
      return { nextFreeAt: endOf(after), lanes: after };
    },
  };
}

/** Where the next slots are, and how many of them the day has left. */
function placeOf(account: Account, { latest, dayLimit }: SlotRequest, first: number) {
  if (dayLimit === undefined) return { first, latest, day: account.day, room: Number.POSITIVE_INFINITY };
  const place = placeInDay(account.day, dayLimit.timezone, first);
  const room = callsPerDayOf(account, dayLimit.calls) - place.day.used;
  return { ...place, latest: Math.min(latest, place.latest), room };
}

/** Notes that the day is full: what was given out is still called, and then nothing until midnight. */
function waitForTomorrow(account: Account, day: CountedDay, calls: number, first: number): SlotGrant {
  const full = fullDay(day, calls, first);
  const known = account.dayFull;
  if (known?.until === full.until) return { kind: "ask-again", at: known.from };
  return { kind: "ask-again", at: full.from, account: { ...account, day, dayFull: full } };
}

/** Lets sending go on where the day has room again, because the limit is higher than it was; else the same object. */
export function reopenDay(account: Account, limit: number | undefined): Account {
  const { day, dayFull } = account;
  if (dayFull === undefined) return account;
  const full = limit !== undefined && (day?.used ?? 0) >= callsPerDayOf(account, limit);
  return full ? account : { ...account, dayFull: undefined };
}

/**
 * Takes slots that were given out, and at which no call was made, off what is counted of their day: to be applied once for each. Those
 * of a day that is no longer counted are over. The same object where there are none.
 */
export function giveBack(account: Account, unused: readonly number[], limit: number): Account {
  const { day } = account;
  const count = day === undefined ? 0 : unused.filter((slot) => day.from <= slot && slot < day.until).length;
  if (day === undefined || count === 0) return account;
  return reopenDay({ ...account, day: { ...day, used: Math.max(0, day.used - count) } }, limit);
}

/** Sets the most calls a day, which may be more or fewer than were made already. */
export const changeCallsPerDay = (account: Account, calls: number): Account =>
  reopenDay({ ...account, callsPerDay: calls }, calls);

/** What a probe came to. */
export type ProbeResult = "accepted" | "answered" | "failed" | "not-fired";

/**
 * Ends the probe that `token` names (another's is left alone): an answer opens the rate, a failure holds for longer,
 * six failures without a single message ever accepted pause the account, a probe never fired is due again.
 * A probe may fire later than other calls may; the slots after it move by `lateMs`, which keeps the spacing.
 */
export function endProbe(
  account: Account,
  token: string,
  result: ProbeResult,
  reason: string,
  now: number,
  lateMs = 0,
): Account {
  if (account.probe?.token !== token) return account;
  const ended: Account = { ...account, probe: undefined, nextFreeAt: account.nextFreeAt + lateMs };
  switch (result) {
    case "accepted":
    case "answered":
      return {
        ...ended,
        probeDue: false,
        hold: undefined,
        unknownRun: 0,
        notSentRun: 0,
        failedProbes: 0,
        everAccepted: account.everAccepted || result === "accepted",
      };
    case "failed": {
      const failedProbes = account.failedProbes + 1;
      const failed: Account = { ...ended, failedProbes };
      if (failedProbes < failedProbesToPause || account.everAccepted) return held(failed, reason, now);
      return paused(failed, {
        code: "endpoint",
        reason: `Nothing was ever accepted, and ${failedProbes} attempts failed: ${reason}. Check the endpoint, then resume.`,
        at: now,
      });
    }
    case "not-fired":
      return { ...ended, probeDue: true };
    default:
      return result satisfies never;
  }
}

/** Counts one call whose outcome is unknown, seen under `epoch`; five in a row put the account on hold. */
export function countUnknown(account: Account, epoch: number, reason: string, now: number): Account {
  if (account.epoch !== epoch) return account;
  const unknownRun = account.unknownRun + 1;
  const counted: Account = { ...account, unknownRun };
  return unknownRun >= unknownsToHold ? held(counted, reason, now) : counted;
}

/**
 * Counts one call proven not sent, seen under `epoch`: all later slots move away by what the server asked for or by a
 * doubling delay; five in a row put the account on hold.
 */
export function countNotSent(
  account: Account,
  epoch: number,
  reason: string,
  now: number,
  retryAfterMs?: number,
): Account {
  if (account.epoch !== epoch) return account;
  const notSentRun = account.notSentRun + 1;
  const delay = Math.min(retryAfterMs ?? 500 * 2 ** notSentRun, 15 * 60_000);
  const counted: Account = { ...account, notSentRun, nextFreeAt: Math.max(account.nextFreeAt, now + delay) };
  return notSentRun >= notSentToHold || delay > 30_000 ? held(counted, reason, now, delay) : counted;
}

/** Holds because calls stay unanswered, if the account is still as it was under `epoch`. */
export function holdUnanswered(account: Account, epoch: number, reason: string, now: number): Account {
  return account.epoch === epoch && account.hold === undefined ? held(account, reason, now) : account;
}

/** Pauses the account if it is still as it was under `epoch` (so that a late refusal cannot undo a resume). */
export function pauseAccount(account: Account, epoch: number, pause: Pause): Account {
  return account.epoch === epoch ? paused(account, pause) : account;
}

/** Ends every pause and hold because a person, or a new secret, says so; the next call is a probe. */
export function resumeAccount(account: Account): Account {
  return {
    ...account,
    pause: undefined,
    hold: undefined,
    probe: undefined,
    probeDue: true,
    unknownRun: 0,
    notSentRun: 0,
    failedProbes: 0,
    epoch: account.epoch + 1,
  };
}

/** Sets the rate. Slots far in the future at a slow old rate are given up: at the new rate they would only cause waiting. */
export function changeRate(account: Account, rate: number, now: number): Account {
  return { ...account, rate, epoch: account.epoch + 1, nextFreeAt: Math.min(account.nextFreeAt, now + rateChangeMs) };
}

const held = (account: Account, reason: string, now: number, atLeastMs = 0): Account => {
  const step = (account.hold?.step ?? 0) + 1;
  const lasts = Math.max(...holdStepsMs.slice(0, step), atLeastMs);
  return {
    ...account,
    epoch: account.epoch + 1,
    probe: undefined,
    probeDue: true,
    unknownRun: 0,
    notSentRun: 0,
    hold: { since: account.hold?.since ?? now, until: now + lasts, step, reason },
  };
};

const paused = (account: Account, pause: Pause): Account => ({
  ...account,
  pause,
  probe: undefined,
  hold: undefined,
  epoch: account.epoch + 1,
});
