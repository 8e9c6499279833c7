import type { Leave, Pacer } from "../account/pacer.ts";
import type { Grant } from "../account/throttle.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Credentials, MissingAttachment } from "../enswitch/enswitch.ts";
import type { PreparedCall } from "../enswitch/fire-call.ts";
import type { Gate, Verdict } from "../enswitch/verdict.ts";
import type { Claim } from "../ledger/claim.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { SendRow } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Consequences } from "./consequences.ts";
import type { Flight } from "./flight.ts";
import { judgeVerdict } from "./judge-verdict.ts";
import type { SendState } from "./send-state.ts";

/** Slots for the first rows of a batch. */
export type Slots = Extract<Grant, { kind: "slots" }>;

/** A row whose call only waits for its slot; `before` is what the ledger knows of it. */
export interface ReadyRow {
  readonly row: SendRow;
  readonly call: PreparedCall | MissingAttachment;
  readonly before: Outcome | undefined;
}

/** What rows are fired under: everything that must still hold at the moment of each call. */
export interface FiringOrder {
  readonly slots: Slots;
  readonly state: SendState;
  readonly claim: Claim;
  readonly used: Credentials;
  /** Told of each row when nothing more can happen to it under the claim: its outcome, `undefined` if it was not fired. */
  readonly landed: (row: number, outcome: Outcome | undefined) => void;
}

/**
 * How late a probe may be, in milliseconds. Nothing else is fired before its answer, and the slots after that are
 * reserved again, so its lateness makes no burst. On a slow machine, or over a slow connection, it must not miss slot
 * after slot.
 */
const probeToleranceMs = 1_000;

/** What came of firing rows. */
export interface Fired {
  /** Rows whose calls were let out. */
  readonly calls: number;
  /** Rows that were not fired because their slots had passed, or too many calls waited for their answers, and for no other reason. */
  readonly missed: number;
}

/** Fires rows under an order. */
export type FireRows = (rows: readonly ReadyRow[], order: FiringOrder) => Promise<Fired>;

/** What the rows of one order learn from each other. */
interface Volley {
  /** The rows that are left must not be fired: an answer said something about all of them. */
  withdrawn: boolean;
  calls: number;
  missed: number;
}

/** When a call went out (its slot, as long as it has not), and what takes the arrival of its answer. */
interface Departure {
  at: number;
  land: (sure: boolean) => void;
}

/**
 * Fires rows at their slots, answers overlapping. Resolves when every call has its verdict and every consequence is
 * carried out; a row without an outcome was not fired, because its slot was missed or something forbade it at the last
 * moment. Never throws for a row.
 */
export function createFireRows(deps: {
  enswitch: { fire(call: PreparedCall, gate: Gate): Promise<Verdict> };
  flight: Flight;
  pacer: Pick<Pacer, "wait">;
  consequences: Pick<Consequences, "conclude" | "releaseProbe">;
  clock: Clock;
  metrics: Metrics;
  log: Log;
}): FireRows {
  const { enswitch, flight, pacer, consequences, clock, metrics, log } = deps;

  /** The last check before a call is written: everything that could have changed since the slot was reserved. */
  const createGate =
    (row: SendRow, leave: Leave, order: FiringOrder, volley: Volley, departure: Departure): Gate =>
    () => {
      const { slots, state, claim, used } = order;
      const now = clock.now();
      departure.at = now;
      if (volley.withdrawn || now >= claim.leaseUntil) return false;
      if (flight.hangs() || !flight.mayFire(slots.epoch, used.version ?? "")) return false;
      if (maySend(state.campaign, state.account, now, row).kind !== "yes") return false;
      if (!flight.hasRoom(slots.rate) || !leave.use()) {
        volley.missed++;
        return false;
      }
      departure.land = flight.takeOff(slots.epoch);
      volley.calls++;
      return true;
    };

  const fireOne = async (
    { row, call, before }: ReadyRow,
    slot: number | undefined,
    order: FiringOrder,
    volley: Volley,
  ): Promise<Outcome | undefined> => {
    const { slots, state, claim, used } = order;
    if (slot === undefined) return undefined;
    if (call.kind === "missing-attachment") {
      await consequences.releaseProbe(slots.probe);
      const detail = `The attachment ${call.attachment} is no longer there, or has become larger than 1 MiB.`;
      return { row: row.row, status: "failed", key: "file", detail, attempts: before?.attempts ?? 0 };
    }
    using leave = await pacer.wait(slot, slots.rate, slots.probe === undefined ? undefined : probeToleranceMs);
    const departure: Departure = { at: slot, land: () => {} };
    if (leave === undefined && !volley.withdrawn) volley.missed++;
    // A slot already missed needs no connection.
    const verdict: Verdict =
      leave === undefined || volley.withdrawn
        ? { kind: "not-fired" }
        : await enswitch.fire(call, createGate(row, leave, order, volley, departure));
    const { at } = departure;
    const ms = clock.now() - at;
    departure.land(verdict.kind !== "unknown");
    const { outcome, implication } = judgeVerdict(row, before, verdict, at, ms);
    if (implication.kind === "campaign" || implication.kind === "credentials") volley.withdrawn = true;
    if (outcome !== undefined) metrics.add("CallMs", ms);
    try {
      const { epoch, probe } = slots;
      // Where the clock was put back meanwhile, the slots after a probe stay where they are.
      const lateMs = Math.max(0, at - slot);
      await consequences.conclude({ verdict, implication, campaign: state.campaign, epoch, used, probe, lateMs });
    } catch (error) {
      // What the account isn't told now it learns from the next call; the row's own outcome must not be lost for it.
      log.error("What a call's answer means for the account was not recorded.", error, { batch: claim.batch });
    }
    return outcome;
  };

  return async (rows, order) => {
    const volley: Volley = { withdrawn: false, calls: 0, missed: 0 };
    await Promise.all(rows.map((row, n) => land(order, row, fireOne(row, order.slots.slots[n], order, volley))));
    return { calls: volley.calls, missed: volley.missed };
  };
}

const land = async (order: FiringOrder, { row }: ReadyRow, firing: Promise<Outcome | undefined>): Promise<void> =>
  order.landed(row.row, await firing);
