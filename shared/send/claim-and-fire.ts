import { itemsExpireAt } from "../campaign/campaign.ts";
import { maySend } from "../campaign/may-send.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Claim, ClaimRequest } from "../ledger/claim.ts";
import type { BatchMessage, SendRow } from "../plan/plan.ts";
import type { Log } from "../ports/log.ts";
import type { Place } from "./claim-window.ts";
import type { Consequences } from "./consequences.ts";
import type { Fired, FireRows, FiringOrder, ReadyRow } from "./fire-rows.ts";
import { createMakeReady, type MakeReadyDeps } from "./make-ready.ts";
import type { Attempt, Step } from "./next-step.ts";
import { createNoteOutcomes } from "./note-outcomes.ts";
import { createRecordOutcomes } from "./record-outcomes.ts";
import type { SendState, SendStates } from "./send-state.ts";
import type { ExecutionTally } from "./tally.ts";

/** What claiming and firing a batch depends on. */
export interface ClaimAndFireDeps extends MakeReadyDeps {
  readonly consequences: Pick<Consequences, "releaseProbe">;
  readonly batches: Pick<Batches, "claim" | "note" | "record">;
  readonly sendStates: Pick<SendStates, "readNow">;
  readonly fireRows: FireRows;
  readonly tally: Pick<ExecutionTally, "add">;
  /** Takes the slots (epoch ms) that were reserved and at which certainly no call is made. */
  readonly unused: { push(...slots: readonly number[]): void };
  readonly log: Log;
  /** How long after the function's deadline a lease ends. */
  readonly leaseSlackMs: number;
  /** How often outcomes are noted while their batch is under way, milliseconds; absent: only its end is recorded. */
  readonly noteEveryMs?: number;
}

/** A step that claims a batch, with the message it is for. */
export interface ClaimOrder extends Extract<Step, { kind: "claim" }> {
  readonly message: BatchMessage;
  /** The item that the claim replaces. */
  readonly item: BatchItem | undefined;
  /** Entered for this claim, and left when it is recorded. */
  readonly place: Place;
  /** When the function ends, epoch ms. */
  readonly deadline: number;
}

/** The groups of a message's rows; `undefined` where hours are not by the recipients' clocks. */
function groupsOf({ rows }: BatchMessage): ReadonlyMap<number, number> | undefined {
  const groups = rows.flatMap(({ row, zone }): [number, number][] => (zone === undefined ? [] : [[row, zone]]));
  return groups.length === 0 ? undefined : new Map(groups);
}

/** Writes a tally that may fail: it is only a hint. */
export const tryTally = (writing: Promise<void>, log: Log): Promise<void> =>
  writing.catch((error: unknown) => log.error("A tally was not written; it is only a hint.", error));

/** Whether slots reserved earlier may still be used at `now`. */
const stands = ({ campaign, account }: SendState, firing: ClaimOrder["firing"], now: number): boolean =>
  maySend(campaign, account, now).kind === "yes" && (firing === undefined || account.epoch === firing.slots.epoch);

/** Makes no call at the slots of an order. */
async function giveUp(
  { unused, consequences }: Pick<ClaimAndFireDeps, "unused" | "consequences">,
  { firing }: Pick<ClaimOrder, "firing">,
): Promise<undefined> {
  unused.push(...(firing?.slots.slots ?? []));
  await consequences.releaseProbe(firing?.slots.probe);
  return undefined;
}

/** Waits for something without which no call of an order is made; where that fails, its slots are given up. */
const orGiveUp = <Needed>(
  deps: Parameters<typeof giveUp>[0],
  order: ClaimOrder,
  needed: Promise<Needed>,
): Promise<Needed> =>
  needed.catch(async (error: unknown) => {
    await giveUp(deps, order);
    throw error;
  });

/**
 * Fires the rows, each at its slot, whose numbers have not been opted out while they waited; the next round skips the
 * others. Where more were opted out than are remembered, none is fired.
 */
async function fireOthers(
  { fireRows, consequences, unused }: Pick<ClaimAndFireDeps, "fireRows" | "consequences" | "unused">,
  ready: readonly ReadyRow[],
  order: FiringOrder & Pick<ClaimOrder, "message">,
): Promise<Fired> {
  const { slots, state, message } = order;
  const { optedOut } = state;
  const mayGo = ({ row, cnumber }: SendRow) =>
    optedOut !== "too-many" && optedOut(cnumber, message.meant?.[row]) === undefined;
  const stays = ready.map(({ row }) => mayGo(row));
  if (!stays.includes(true)) await consequences.releaseProbe(slots.probe);
  const kept = slots.slots.filter((_, index) => stays[index] === true);
  const fired = await fireRows(
    ready.filter((_, index) => stays[index]),
    { ...order, slots: { ...slots, slots: kept } },
  );
  unused.push(...slots.slots.slice(fired.calls));
  return fired;
}

/**
 * Claims a batch, reads its state again, fires its rows and records what came of them. Throws when the ledger cannot be
 * reached, before anything was fired or after everything that could be recorded was.
 */
export function createClaimAndFire(deps: ClaimAndFireDeps): (order: ClaimOrder) => Promise<Attempt> {
  const { batches, sendStates, claimLead, tally, clock, log } = deps;
  const makeReady = createMakeReady(deps);
  const record = createRecordOutcomes(deps);
  const noteOutcomes = createNoteOutcomes({ batches, clock, everyMs: deps.noteEveryMs });

  /**
   * Fires claimed rows at their slots, if nothing has changed. Adds what came of it to the outcomes; returns the state
   * they were fired in and whether some missed their slots, `undefined` when none was fired. Rows that came too late are
   * left to the next claim: this one would stand while they wait for slots behind everybody else's, and everything that
   * its batch has done would be in doubt if the machine died.
   */
  const fire = async (
    claim: Claim,
    ready: readonly ReadyRow[],
    order: ClaimOrder,
    claimedSince: number,
  ): Promise<(SendState & Pick<Fired, "missed">) | undefined> => {
    const { message, firing, progress } = order;
    // Only a read after the claim can be trusted: ending a campaign waits for the claims made before.
    const state = await orGiveUp(deps, order, sendStates.readNow(message));
    claimLead.took(clock.now() - claimedSince);
    if (state === undefined || !stands(state, firing, clock.now())) return giveUp(deps, order);
    if (firing === undefined) return { ...state, missed: 0 };
    const { slots, credentials: used } = firing;
    const { landed, end } = noteOutcomes(claim, ready, progress.outcomes);
    const fired = await fireOthers(deps, ready, { slots, state, claim, used, landed, message });
    end();
    return { ...state, ...fired };
  };

  return async (order) => {
    const { message, item, deadline, progress, firing } = order;
    const { campaign, batch } = message;
    const ready =
      firing === undefined ? [] : await orGiveUp(deps, order, makeReady(progress, firing.slots, firing.credentials));
    if (clock.now() > deadline) {
      // The machine slept: nothing could be fired any more, and what is claimed now would only come into doubt.
      await giveUp(deps, order);
      return { kind: "too-late" };
    }

    const claimedSince = clock.now();
    const result = await orGiveUp(deps, order, batches.claim(requestOf(order, ready, deps.leaseSlackMs), item));
    if (result.kind !== "claimed") {
      await giveUp(deps, order);
      return { kind: "not-claimed", item: result.item };
    }

    const { claim } = result;
    const known = new Set(progress.outcomes.values());
    const fired = await fire(claim, ready, order, claimedSince).catch(async (error: unknown) => {
      // The ledger failed in between: the claim is given back with what is known.
      await record(claim, [...progress.outcomes.values()]);
      throw error;
    });
    const recorded = await record(claim, [...progress.outcomes.values()]);
    if (recorded === false) {
      log.warn("A batch was recorded after its lease had been settled; its rows stay unknown.", { campaign, batch });
      return { kind: "settled" };
    }
    if (fired !== undefined) {
      const fresh = [...progress.skipped, ...[...progress.outcomes.values()].filter((outcome) => !known.has(outcome))];
      await tryTally(tally.add(fired.campaign, fresh), log);
    }
    return { kind: "recorded", item: recorded, missed: leavePlace(order, ready, fired) };
  };
}

/** Leaves the order's place; whether rows missed their slots. A probe's says nothing, it has all the time it needs. */
function leavePlace(
  { place, firing }: ClaimOrder,
  ready: readonly ReadyRow[],
  fired: Pick<Fired, "missed"> | undefined,
): boolean {
  const missed = firing?.slots.probe === undefined ? (fired?.missed ?? 0) : 0;
  place.leave(fired && missed < ready.length);
  return missed > 0;
}

const requestOf = (
  { message, state, deadline }: ClaimOrder,
  ready: readonly ReadyRow[],
  leaseSlackMs: number,
): ClaimRequest => ({
  campaign: message.campaign,
  batch: message.batch,
  prev: message.prev,
  rows: message.rows.length + message.skipped.length,
  firing: ready.map(({ row }) => row.row),
  groups: groupsOf(message),
  leaseUntil: deadline + leaseSlackMs,
  expiresAt: itemsExpireAt(state.campaign),
});
