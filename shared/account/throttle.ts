import type { Clock, FreshToken } from "../ports/clock.ts";
import { type Account, giveBack, rateOf, type SlotGrant, takeSlots } from "./account.ts";
import type { AccountStore, Decision } from "./account-store.ts";
import type { DayLimit } from "./day-limit.ts";
import type { Pacer } from "./pacer.ts";
import { slotsAtOnce } from "./slots.ts";

/** What a batch asks the throttle: slots for so many rows, none later than `latest` (epoch ms). */
export interface Ask {
  readonly rows: number;
  readonly latest: number;
}

/** What it gets: slots under an epoch, or why there are none. */
export type Grant =
  | {
      readonly kind: "slots";
      readonly slots: readonly number[];
      readonly epoch: number;
      readonly rate: number;
      /** The token of the probe that this one slot is, if it is one. */
      readonly probe: string | undefined;
    }
  | Extract<SlotGrant, { kind: "too-late" | "closed" }>;

/** What an execution has seen of the account's answers since it last reserved; passed on with the next reservation. */
export interface AnswerStats {
  answered: boolean;
  accepted: boolean;
  answerMs: number;
}

/** What the throttle depends on. */
interface ThrottleDeps {
  readonly account: AccountStore;
  readonly clock: Clock;
  readonly freshToken: FreshToken;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** The stack's limit of calls a day; `undefined`: none. */
  readonly dayLimit: DayLimit | undefined;
  /** The fastest that one execution sends, calls per second; `undefined`: as on AWS. */
  readonly laneRate: number | undefined;
  readonly probeLeaseMs: number;
  readonly answerStats: AnswerStats;
  /** Slots (epoch ms) that this execution got and made no call at; they are given back to their day with its next reservation. */
  readonly unused: number[];
  readonly pacer: Pick<Pacer, "took">;
  /** How slots are handed out; tests have others. */
  readonly takeSlots?: typeof takeSlots;
}

/** The account is asked again at least this often, so that a changed rate or a pause is noticed. */
const longestWaitMs = 5_000;

/**
 * Reserves slots for the batches of one execution, in the order in which they ask. What several ask for at once is
 * reserved by one write and dealt out, so that an execution's batches follow each other without a gap and executions
 * finish in turn rather than together.
 */
export function createThrottle(deps: ThrottleDeps): (ask: Ask) => Promise<Grant> {
  const { clock, freshToken, ceiling, probeLeaseMs, answerStats, takeSlots: take = takeSlots } = deps;
  const holder = freshToken();
  const waiting: { ask: Ask; resolve: (grant: Grant) => void; reject: (error: unknown) => void }[] = [];
  let working = false;
  /** Nobody else has taken slots since the latest that this execution knows it has. */
  let alone = false;

  /** One reservation for as many of the waiting batches as fit into a second. */
  const reserve = (): Promise<SlotGrant> =>
    changeGivingBack(deps, (state, now) => {
      // Slots that it took behind another's, without learning of it, make it the holder, too.
      if (state.holder !== holder) alone = false;
      const grant = take(
        state,
        {
          rows: wholeAsks(waiting, slotsAtOnce(rateOf(state, ceiling), deps.laneRate)),
          latest: Math.min(...waiting.map(({ ask }) => ask.latest)),
          ceiling,
          dayLimit: deps.dayLimit,
          laneRate: deps.laneRate,
          holder,
          probeToken: freshToken(),
          probeLeaseMs,
          answerStats: { ...answerStats },
        },
        now,
      );
      const next = "account" in grant ? grant.account : undefined;
      return { account: next ?? state, result: grant };
    });

  const deal = (grant: Extract<SlotGrant, { kind: "slots" }>) => {
    let slots = grant.slots;
    while (slots.length > 0) {
      const next = waiting.shift();
      if (next === undefined) return;
      const own = slots.slice(0, next.ask.rows);
      slots = slots.slice(own.length);
      next.resolve({ kind: "slots", slots: own, epoch: grant.account.epoch, rate: grant.rate, probe: grant.probe });
    }
  };

  const work = async () => {
    working = true;
    try {
      // Batches that ask in the same turn of the event loop share the first reservation.
      await Promise.resolve();
      while (waiting.length > 0) {
        const grant = await reserve();
        if (grant.kind === "slots") {
          deps.pacer.took({ ...grant, epoch: grant.account.epoch }, alone);
          alone = true;
          Object.assign(answerStats, { answered: false, answerMs: grant.account.answerMs });
          deal(grant);
        } else if (grant.kind === "ask-again") {
          await clock.sleepUntil(Math.min(grant.at, clock.now() + longestWaitMs));
        } else {
          for (const { resolve } of waiting.splice(0)) resolve(grant);
        }
      }
    } catch (error) {
      for (const { reject } of waiting.splice(0)) reject(error);
    } finally {
      working = false;
    }
  };

  return (ask) =>
    new Promise((resolve, reject) => {
      waiting.push({ ask, resolve, reject });
      if (!working) void work();
    });
}

/** Gives the slots that an execution made no call at back to their day. Rejects when the ledger cannot be reached. */
export async function giveBackUnused(deps: Pick<ThrottleDeps, "account" | "unused" | "dayLimit">): Promise<void> {
  if (deps.dayLimit === undefined || deps.unused.length === 0) return;
  await changeGivingBack(deps, (account) => ({ account, result: undefined }));
}

/**
 * Changes the account, and with the same write gives the slots that the execution made no call at back to their day: once, or not
 * at all where nobody knows whether it was written.
 */
async function changeGivingBack<Result>(
  { account, unused, dayLimit }: Pick<ThrottleDeps, "account" | "unused" | "dayLimit">,
  decide: (account: Account, now: number) => Decision<Result>,
): Promise<Result> {
  const slots = unused.splice(0);
  if (dayLimit === undefined || slots.length === 0) return account.change(decide);
  // A change of a state that is out of date is decided again, and could then not be told from one that was written already.
  await account.read();
  return account.change((stored, now, again) => decide(again ? stored : giveBack(stored, slots, dayLimit.calls), now));
}

/**
 * The rows of the waiting batches that can have all their slots at once; of the first in any case. A batch that got only
 * some would ask for the rest after its last answer, and get them behind everything reserved elsewhere by then.
 */
function wholeAsks(waiting: Iterable<{ readonly ask: Ask }>, most: number): number {
  let rows = 0;
  for (const { ask } of waiting) {
    if (rows > 0 && rows + ask.rows > most) break;
    rows += ask.rows;
  }
  return rows;
}
