import { intervalMs } from "../account/slots.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Credentials, MissingAttachment } from "../enswitch/enswitch.ts";
import type { PreparedCall } from "../enswitch/fire-call.ts";
import type { SendParameters } from "../enswitch/verdict.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Claim } from "../ledger/claim.ts";
import type { BatchMessage } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { BatchProgress } from "./batch-progress.ts";
import type { Consequences } from "./consequences.ts";
import type { Fired, FireRows, ReadyRow } from "./fire-rows.ts";
import type { Attempt, Step } from "./next-step.ts";
import type { SendState, SendStates } from "./send-state.ts";
import type { ExecutionTally } from "./tally.ts";

/** What claiming and firing a batch depends on. */
export interface ClaimAndFireDeps {
  readonly batches: Pick<Batches, "claim" | "record">;
  readonly sendStates: Pick<SendStates, "readNow">;
  readonly enswitch: {
    prepare(parameters: SendParameters, credentials: Credentials): Promise<PreparedCall | MissingAttachment>;
    warm(connections: number): void;
  };
  readonly fireRows: FireRows;
  readonly consequences: Pick<Consequences, "releaseProbe">;
  readonly tally: Pick<ExecutionTally, "add">;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after the function's deadline a lease ends. */
  readonly leaseSlackMs: number;
}

/** What a claimed batch's rows are fired with. */
type Firing = NonNullable<ClaimOrder["firing"]>;

/** A step that claims a batch, with the message it is for. */
export interface ClaimOrder extends Extract<Step, { kind: "claim" }> {
  readonly message: BatchMessage;
  /** The item that the claim replaces. */
  readonly item: BatchItem | undefined;
  /** When the function ends, epoch ms. */
  readonly deadline: number;
}

/** Before its first slot a batch is claimed this early: late enough that the claim says something, early enough to be on time. */
const claimLeadMs = 100;

/** How long opening connections may take without making the first rows of a batch late. */
const connectMs = 300;

/** Writes a tally that may fail: it is only a hint. */
export const tryTally = (writing: Promise<void>, log: Log): Promise<void> =>
  writing.catch((error: unknown) => log.error("A tally was not written; it is only a hint.", error));

/**
 * Claims a batch, reads its state again, fires its rows and records what came of them. Throws when the ledger cannot be
 * reached, before anything was fired or after everything that could be recorded was.
 */
export function createClaimAndFire(deps: ClaimAndFireDeps): (order: ClaimOrder) => Promise<Attempt> {
  const { batches, sendStates, enswitch, fireRows, consequences, tally, clock, log } = deps;

  /**
   * Does everything that takes time before a call (attachments, encoding, connections), and waits for the moment to
   * claim, shortly before the first slot.
   */
  const makeReady = async (
    { outcomes, left }: BatchProgress,
    { slots, credentials }: Firing,
  ): Promise<readonly ReadyRow[]> => {
    const rows = left.slice(0, slots.slots.length);
    const ready: ReadyRow[] = [];
    try {
      enswitch.warm(Math.min(rows.length, Math.ceil(connectMs / intervalMs(slots.rate)) + 1));
      for (const row of rows)
        ready.push({ row, call: await enswitch.prepare(row, credentials), before: outcomes.get(row.row) });
    } catch (error) {
      await consequences.releaseProbe(slots.probe);
      throw error;
    }
    await clock.sleepUntil((slots.slots[0] ?? 0) - claimLeadMs);
    return ready;
  };

  /** Records the outcomes, trying until the lease ends: what isn't recorded by then is in doubt for ever. */
  const record = async (claim: Claim, { outcomes }: BatchProgress): Promise<BatchItem | false> => {
    for (let pause = 200; ; pause = Math.min(2 * pause, 2_000)) {
      try {
        return await batches.record(claim, [...outcomes.values()]);
      } catch (error) {
        if (clock.now() + pause >= claim.leaseUntil) throw error;
        log.error("Outcomes could not be recorded; trying again until the lease ends.", error, { batch: claim.batch });
        await clock.sleepUntil(clock.now() + pause);
      }
    }
  };

  /** Whether slots reserved earlier may still be used. */
  const stands = ({ campaign, account }: SendState, firing: Firing | undefined): boolean =>
    maySend(campaign, account, clock.now()).kind === "yes" &&
    (firing === undefined || account.epoch === firing.slots.epoch);

  /**
   * Fires claimed rows at their slots, if nothing has changed. Adds what came of it to the outcomes; returns the state
   * they were fired in and whether some missed their slots, `undefined` when none was fired. Rows that came too late are
   * left to the next claim: this one would stand while they wait for slots behind everybody else's, and everything that
   * its batch has done would be in doubt if the machine died.
   */
  const fire = async (
    claim: Claim,
    ready: readonly ReadyRow[],
    { message, firing, progress }: ClaimOrder,
  ): Promise<(SendState & Pick<Fired, "missed">) | undefined> => {
    // Only a read after the claim can be trusted: ending a campaign waits for the claims made before.
    const state = await sendStates.readNow(message);
    if (state === undefined || !stands(state, firing)) {
      await consequences.releaseProbe(firing?.slots.probe);
      return undefined;
    }
    if (firing === undefined) return { ...state, missed: false };
    const fired = await fireRows(ready, { slots: firing.slots, state, claim, used: firing.credentials });
    for (const outcome of fired.outcomes) progress.outcomes.set(outcome.row, outcome);
    return { ...state, missed: fired.missed };
  };

  return async (order) => {
    const { message, item, deadline, progress, firing } = order;
    const { campaign, batch, prev } = message;
    const ready = firing === undefined ? [] : await makeReady(progress, firing);
    if (clock.now() > deadline) {
      // The machine slept: nothing could be fired any more, and what is claimed now would only come into doubt.
      await consequences.releaseProbe(firing?.slots.probe);
      return { kind: "too-late" };
    }

    const request = {
      campaign,
      batch,
      prev,
      rows: message.rows.length + message.skipped.length,
      firing: ready.map(({ row }) => row.row),
      leaseUntil: deadline + deps.leaseSlackMs,
      expiresAt: order.state.campaign.retainUntil,
    };
    const result = await batches.claim(request, item);
    if (result.kind !== "claimed") {
      await consequences.releaseProbe(firing?.slots.probe);
      return { kind: "not-claimed", item: result.item };
    }

    const { claim } = result;
    const known = new Set(progress.outcomes.values());
    const fired = await fire(claim, ready, order).catch(async (error: unknown) => {
      // The ledger failed in between: the claim is given back with what is known.
      await record(claim, progress);
      throw error;
    });
    const recorded = await record(claim, progress);
    if (recorded === false) {
      log.warn("A batch was recorded after its lease had been settled; its rows stay unknown.", { campaign, batch });
      return { kind: "settled" };
    }
    if (fired !== undefined) {
      const fresh = [...progress.skipped, ...[...progress.outcomes.values()].filter((outcome) => !known.has(outcome))];
      await tryTally(tally.add(fired.campaign, fresh), log);
    }
    return { kind: "recorded", item: recorded, missed: fired?.missed === true && firing?.slots.probe === undefined };
  };
}
