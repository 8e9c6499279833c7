import type { Grant } from "../account/throttle.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Credentials } from "../enswitch/enswitch.ts";
import type { BatchItem, ClaimedBatch } from "../ledger/batch-item.ts";
import type { BatchProgress } from "./batch-progress.ts";
import type { Slots } from "./fire-rows.ts";
import type { SendState } from "./send-state.ts";

/** One round of handling a batch: from the ledger's item to its next record, or to a reason to begin again. */
export interface Round {
  /** The batch as the ledger has it; `undefined` when it was never claimed, or isn't known to have been. */
  readonly item: BatchItem | undefined;
  /** Whether a row missed its slot in the round before: it was too late, or too many calls waited for their answers. */
  readonly missed: boolean;
  /** When the round began, epoch ms. */
  readonly now: number;
  /** When the execution began to handle the message, epoch ms. */
  readonly receivedAt: number;
  /** The last instant at which a call may be fired and still be answered and recorded in time, epoch ms. */
  readonly latestFireAt: number;
  /** When a message is received again whose row missed its slot while another execution sends, ms; absent: as on AWS. */
  readonly afterOthersMs?: number;
}

/** What the calls already made say about making another. */
export interface FlightReading {
  /** Enough calls have waited long enough to treat the endpoint as hanging. */
  readonly hangs: boolean;
  /** This execution fires nothing more under the account's current epoch. */
  readonly stopped: boolean;
  /** The credentials at hand were refused. */
  readonly refused: boolean;
  /** The limit of unanswered calls is reached, or they have just been found to wait too long. */
  readonly full: boolean;
  /** Other batches of this execution wait for slots. */
  readonly othersWait: boolean;
}

/** The latest thing a round has found out, apart from its item. */
export type Learned =
  | { readonly of: "item" }
  | { readonly of: "state"; readonly state: SendState | undefined }
  | {
      readonly of: "credentials";
      readonly state: SendState;
      readonly progress: BatchProgress;
      readonly credentials: Credentials | undefined;
      readonly flight: FlightReading;
    }
  /** `now`: when the throttle answered, epoch ms. */
  | { readonly of: "slots"; readonly sendable: Sendable; readonly grant: Grant; readonly now: number }
  | { readonly of: "attempt"; readonly attempt: Attempt }
  /** The claim that outlived its lease was settled, by this execution or another; the batch is now as `item`. */
  | { readonly of: "settling"; readonly item: BatchItem | undefined }
  /** The account has been told to hold. */
  | { readonly of: "hold" };

/** What came of claiming a batch and firing its rows. */
export type Attempt =
  /** The deadline passed before the claim: the machine slept. Nothing was claimed. */
  | { readonly kind: "too-late" }
  /** Another claim came first, and left this item. */
  | { readonly kind: "not-claimed"; readonly item: BatchItem }
  /** The claim was settled before it was recorded, because its lease ran out: its rows stay unknown. */
  | { readonly kind: "settled" }
  /** `missed`: a row was not fired because its slot had passed, or because too many calls waited for their answers. */
  | { readonly kind: "recorded"; readonly item: BatchItem; readonly missed: boolean };

/** A batch that has rows to fire, and nothing that forbids it. */
export interface Sendable {
  readonly state: SendState;
  readonly progress: BatchProgress;
  readonly credentials: Credentials;
}

/** What to do next. `stale`: what was read of campaign and account is out of date. */
export type Step =
  /** Nothing is left to do for this message. */
  | { readonly kind: "acknowledge" }
  /** The message is to be received again after `afterMs`. */
  | { readonly kind: "give-back"; readonly afterMs: number; readonly stale: boolean }
  /** The campaign may not send now: park its pass. */
  | { readonly kind: "park"; readonly state: SendState }
  /** The account waits for credentials, and the pass with it. */
  | { readonly kind: "pause-for-credentials"; readonly state: SendState }
  /** A claim outlived its lease: its unanswered rows are in doubt. */
  | { readonly kind: "settle"; readonly item: ClaimedBatch }
  | { readonly kind: "read-state" }
  | { readonly kind: "read-credentials"; readonly state: SendState }
  /**
   * Tell the account that this execution fires nothing more under `epoch`; otherwise this execution would keep claiming
   * batches and firing none.
   */
  | { readonly kind: "hold-account"; readonly epoch: number }
  /** Begin the next round with `item` and `missed`, at `at` (epoch ms) or at once. */
  | {
      readonly kind: "begin-again";
      readonly item: BatchItem | undefined;
      readonly missed: boolean;
      readonly at?: number;
      readonly stale: boolean;
    }
  | { readonly kind: "reserve"; readonly sendable: Sendable }
  /** Claim the batch; `firing` is absent when it has only skipped rows to record. */
  | {
      readonly kind: "claim";
      readonly state: SendState;
      readonly progress: BatchProgress;
      readonly firing: { readonly slots: Slots; readonly credentials: Credentials } | undefined;
    };

/**
 * How long a message waits in the execution, in milliseconds, while another row is the probe or the credentials are
 * being refused, before it's given back.
 */
const probePatienceMs = 3_000;

/** How often a waiting message checks whether the probe or the refusal is over, in milliseconds. */
const probePollMs = 200;

/** How long the next row waits, in milliseconds, before it checks again whether enough calls have been answered. */
const fullPollMs = 100;

/** A slot this near is worth waiting for in the execution, in milliseconds. */
const soonMs = 1_000;

/**
 * When a message is received again whose row missed its slot while another execution sends, in milliseconds: about when
 * the next turn is visible (`shared/feed/pace.ts`), so that an execution takes both.
 */
const usuallyAfterOthersMs = 10_000;

/** How near its rows' hours must be for a message to wait for them in the queue, milliseconds: clocks differ by less. */
const nearlyMs = 30_000;

const acknowledge: Step = { kind: "acknowledge" };
const giveBack = (afterMs: number, stale = false): Step => ({ kind: "give-back", afterMs, stale });
const beginAgain = ({ item, missed }: Round, how: { readonly at?: number; readonly stale?: boolean } = {}): Step => ({
  kind: "begin-again",
  item,
  missed,
  at: how.at,
  stale: how.stale ?? false,
});

/** Decides the next step of a round from what it has just learned. Pure: every fact and instant is passed in. */
export function nextStep(round: Round, learned: Learned): Step {
  switch (learned.of) {
    case "item":
      return afterItem(round);
    case "state":
      return afterState(round, learned.state);
    case "credentials":
      return afterCredentials(round, learned);
    case "slots":
      return afterGrant(round, learned);
    case "attempt":
      return afterAttempt(round, learned.attempt);
    case "settling":
      return beginAgain({ ...round, item: learned.item });
    case "hold":
      return beginAgain(round, { stale: true });
    default:
      return learned satisfies never;
  }
}

function afterItem({ item, now }: Round): Step {
  if (item?.state === "done") return acknowledge;
  if (item?.state !== "claimed") return { kind: "read-state" };
  const lease = item.leaseUntil - now;
  return lease >= 0 ? giveBack(Math.min(lease + 1_000, 10_000)) : { kind: "settle", item };
}

function afterState({ now }: Round, state: SendState | undefined): Step {
  if (state === undefined) return acknowledge;
  const may = maySend(state.campaign, state.account, now);
  if (may.kind === "never") return acknowledge;
  // More people have opted out since it was fed than are remembered: it is fed again, by the list.
  if (state.optedOut === "too-many") return { kind: "park", state };
  return may.kind === "yes" ? { kind: "read-credentials", state } : { kind: "park", state };
}

function afterCredentials(round: Round, learned: Extract<Learned, { of: "credentials" }>): Step {
  const { missed, now, receivedAt, latestFireAt, afterOthersMs = usuallyAfterOthersMs } = round;
  const { state, progress, credentials, flight } = learned;
  const rowsLeft = progress.left.length > 0;
  const waitsOnly = !rowsLeft && progress.skipped.length === 0;
  if (waitsOnly && progress.later !== undefined) return afterHours(progress.later, now);
  if (rowsLeft && credentials === undefined) return { kind: "pause-for-credentials", state };
  if (now > latestFireAt) return giveBack(1_000);
  if (flight.hangs || (rowsLeft && flight.stopped)) return { kind: "hold-account", epoch: state.account.epoch };
  if (!rowsLeft || credentials === undefined) return { kind: "claim", state, progress, firing: undefined };
  if (flight.refused) {
    // The call that was refused has the secret read again or the account paused: either will show in what is read next.
    if (now - receivedAt > probePatienceMs) return giveBack(2_000, true);
    return beginAgain(round, { at: now + probePollMs, stale: true });
  }
  if (flight.full) return beginAgain(round, { at: now + fullPollMs });
  // A row's second slot comes after those that its own execution waits for, or soon if nobody sends. Else it comes behind
  // another execution's: staying open for this row alone would cost time and send nothing.
  const slotsAreTaken = state.account.nextFreeAt - now > soonMs;
  if (missed && !flight.othersWait && slotsAreTaken) return giveBack(afterOthersMs);
  return { kind: "reserve", sendable: { state, progress, credentials } };
}

/**
 * The rows that are left come again in the pass that begins with their hours. Where the hours are about to begin, that pass
 * may have begun by the reporter's clock, and this message be its own.
 */
const afterHours = ({ from }: NonNullable<BatchProgress["later"]>, now: number): Step =>
  from !== undefined && from - now <= nearlyMs ? giveBack(from - now + 1_000, true) : acknowledge;

function afterGrant(round: Round, { sendable, grant, now }: Extract<Learned, { of: "slots" }>): Step {
  const { state, progress, credentials } = sendable;
  switch (grant.kind) {
    case "slots":
      return { kind: "claim", state, progress, firing: { slots: grant, credentials } };
    case "too-late":
      return giveBack(Math.min(Math.max(1_000, grant.firstFreeAt - now - 1_000), 10 * 60_000));
    case "closed":
      if (grant.admission.kind !== "probing") return beginAgain(round, { stale: true });
      if (now - round.receivedAt > probePatienceMs) return giveBack(2_000, true);
      return beginAgain(round, { at: now + probePollMs, stale: true });
    default:
      return grant satisfies never;
  }
}

function afterAttempt(round: Round, attempt: Attempt): Step {
  switch (attempt.kind) {
    case "too-late":
      return giveBack(1_000);
    case "not-claimed":
      return beginAgain({ ...round, item: attempt.item });
    case "settled":
      return acknowledge;
    case "recorded": {
      const { item, missed } = attempt;
      if (item.state === "done") return acknowledge;
      // A row was not fired, or not accepted: something has changed since this batch was begun.
      return beginAgain({ ...round, item, missed }, { stale: true });
    }
    default:
      return attempt satisfies never;
  }
}
