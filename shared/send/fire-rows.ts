import { lateToleranceMs } from "../account/slots.ts";
import type { Grant } from "../account/throttle.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Credentials, MissingAttachment } from "../enswitch/enswitch.ts";
import type { PreparedCall } from "../enswitch/fire-call.ts";
import type { Gate, Verdict } from "../enswitch/verdict.ts";
import type { Claim } from "../ledger/batches.ts";
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
}

/**
 * How late a probe may be, in milliseconds. Nothing else is fired before its answer, and slots after that are reserved
 * anew: its lateness makes no burst. On a slow machine, or over a slow connection, it must not miss slot after slot.
 */
const probeToleranceMs = 1_000;

/** What came of firing rows. */
export interface Fired {
  /** Of the rows that were fired, or can never be. */
  readonly outcomes: readonly Outcome[];
  /** Whether a row was not fired because its slot had passed, and for no other reason. */
  readonly missed: boolean;
}

/** Fires rows under an order. */
export type FireRows = (rows: readonly ReadyRow[], order: FiringOrder) => Promise<Fired>;

/**
 * Fires rows at their slots, answers overlapping. Resolves when every call has its verdict and every implication is
 * carried out; a row without an outcome was not fired, because its slot was missed or something forbade it at the last
 * moment. Never throws for a row.
 */
export function createFireRows(deps: {
  enswitch: { fire(call: PreparedCall, gate: Gate): Promise<Verdict> };
  flight: Flight;
  consequences: Pick<Consequences, "conclude" | "releaseProbe">;
  clock: Clock;
  metrics: Metrics;
  log: Log;
}): FireRows {
  const { enswitch, flight, consequences, clock, metrics, log } = deps;

  return async (rows, order) => {
    const { slots: reserved, state, claim, used } = order;
    const tolerance = reserved.probe === undefined ? lateToleranceMs(reserved.rate) : probeToleranceMs;
    let withdrawn = false;
    let missed = false;

    const fireOne = async (index: number): Promise<Outcome | undefined> => {
      const slot = reserved.slots[index];
      const planned = rows[index];
      if (slot === undefined || planned === undefined) return undefined;
      const { row, call, before } = planned;
      if (call.kind === "missing-attachment") {
        await consequences.releaseProbe(reserved.probe);
        const detail = `The attachment ${call.attachment} is no longer there, or has become larger than 1 MiB.`;
        return { row: row.row, status: "failed", key: "file", detail, attempts: before?.attempts ?? 0 };
      }
      await clock.sleepUntil(slot);
      let land = (_sure: boolean) => {};
      let at = slot;
      const gate: Gate = () => {
        const now = clock.now();
        at = now;
        if (withdrawn || now < slot || now >= claim.leaseUntil) return false;
        if (now - slot >= tolerance) {
          missed = true;
          return false;
        }
        if (flight.hangs() || !flight.hasRoom(reserved.rate) || !flight.mayFire(reserved.epoch, used.version ?? ""))
          return false;
        if (maySend(state.campaign, state.account, now).kind !== "yes") return false;
        land = flight.takeOff(reserved.epoch);
        return true;
      };
      // A slot already missed needs no connection.
      const tooLate = clock.now() - slot >= tolerance;
      if (tooLate && !withdrawn) missed = true;
      const verdict: Verdict = tooLate || withdrawn ? { kind: "not-fired" } : await enswitch.fire(call, gate);
      const ms = clock.now() - at;
      land(verdict.kind !== "unknown");
      const { outcome, implication } = judgeVerdict(row, before, verdict, at, ms);
      if (implication.kind === "campaign" || implication.kind === "credentials") withdrawn = true;
      if (outcome !== undefined) metrics.add("CallMs", ms);
      try {
        const { epoch, probe } = reserved;
        await consequences.conclude({
          verdict,
          implication,
          campaign: state.campaign,
          epoch,
          used,
          probe,
          lateMs: at - slot,
        });
      } catch (error) {
        // What the account is not told now it learns from the next call; the row's own outcome must not be lost for it.
        log.error("What a call's answer means for the account was not noted.", error, { batch: claim.batch });
      }
      return outcome;
    };

    const outcomes = await Promise.all(rows.map((_, index) => fireOne(index)));
    return { outcomes: outcomes.filter((outcome) => outcome !== undefined), missed };
  };
}
