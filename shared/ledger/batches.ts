import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Change, Item, Table } from "../ports/table.ts";
import { type BatchItem, batchKey, type ClaimedBatch, readBatchItem } from "./batch-item.ts";
import { isFinal, type Outcome } from "./outcome.ts";
import { writeOutcomes } from "./outcome-text.ts";
import { itemVersion } from "./read-item.ts";

/** What is claimed: a batch of a campaign, the rows about to be fired, and until when. */
export interface ClaimRequest {
  readonly campaign: string;
  readonly batch: number;
  readonly prev: number;
  readonly rows: number;
  readonly firing: readonly number[];
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
  /** When the item may be forgotten, epoch milliseconds. */
  readonly expiresAt: number;
}

/** The right to fire the claimed rows and to record them, once. */
export interface Claim {
  readonly campaign: string;
  readonly batch: number;
  readonly token: string;
  readonly leaseUntil: number;
  /** Sendable rows of the batch by the plan. */
  readonly rows: number;
}

/** What came of claiming. */
export type ClaimResult =
  | { readonly kind: "claimed"; readonly claim: Claim }
  /** Somebody else works on it. */
  | { readonly kind: "taken"; readonly item: ClaimedBatch }
  /** It is further than the caller knew: its outcomes say which rows are left, if any. */
  | { readonly kind: "moved-on"; readonly item: BatchItem };

/** The ledger's batches: who may fire which rows, and what became of them. */
export interface Batches {
  read(campaign: string, batch: number): Promise<BatchItem | undefined>;
  /** Claims a batch whose item is as `seen` (absent when undefined). Exactly one of several claimants succeeds. */
  claim(request: ClaimRequest, seen: BatchItem | undefined): Promise<ClaimResult>;
  /**
   * Gives the claim back with all outcomes of its batch, earlier ones included, in any order. `false`: the claim had been settled
   * because its lease ran out, which is final; what the caller knows is not recorded.
   */
  record(claim: Claim, outcomes: readonly Outcome[]): Promise<BatchItem | false>;
  /** Ends a claim whose lease ran out: its unanswered rows are in doubt for ever. `false`: it ended otherwise meanwhile. */
  settle(campaign: string, item: ClaimedBatch): Promise<BatchItem | false>;
  /** Items of the batches `from` to `to` inclusive, in order, consistently. */
  between(campaign: string, from: number, to: number): AsyncIterable<BatchItem>;
}

/** The ledger's batches on a table. Throws what the table throws when it cannot be reached. */
export function createBatches(deps: { table: Table; clock: Clock; freshToken: FreshToken }): Batches {
  const { table, clock, freshToken } = deps;

  const read = async (campaign: string, batch: number): Promise<BatchItem | undefined> => {
    const item = await table.get(batchKey(campaign, batch), { consistent: true });
    return item === undefined ? undefined : readBatchItem(campaign, item);
  };

  /** The item if it was recorded or settled by `token`, whose answer was lost. */
  const finishedBy = async (campaign: string, batch: number, token: string): Promise<BatchItem | false> => {
    const now = await read(campaign, batch);
    return now !== undefined && now.recordedBy === token ? now : false;
  };

  /** Tries a few times more what a failing ledger refuses, but not into the end of a lease. */
  const persevere = async (act: () => Promise<void>, leaseUntil: number): Promise<void> => {
    for (const pause of withdrawPausesMs) {
      try {
        return await act();
      } catch {
        if (clock.now() + pause >= leaseUntil) return;
        await clock.sleepUntil(clock.now() + pause);
      }
    }
  };

  return {
    read,

    claim: async (request, seen) => {
      const token = freshToken();
      const turn = (seen?.turn ?? 0) + 1;
      const { campaign, batch, prev, rows, firing, leaseUntil } = request;
      const claim: Claim = { campaign, batch, token, leaseUntil, rows };
      const key = batchKey(campaign, batch);
      const change: Change = {
        when: seen === undefined ? { turn: undefined } : { turn: seen.turn, state: "open" },
        set: {
          v: itemVersion,
          state: "claimed",
          batch,
          prev,
          rows,
          turn,
          token,
          leaseUntil,
          firing,
          expiresAt: Math.ceil(request.expiresAt / 1000),
        },
      };
      /**
       * Nothing was fired, so nothing need be in doubt: a claim that was applied all the same is given back, and one
       * still on its way finds a turn that has passed.
       */
      const withdraw = async (): Promise<void> => {
        const released = {
          ...finished(seen?.outcomes ?? [], false, clock.now(), token),
          recordedAt: seen?.recordedAt,
        };
        const given = await table.update(key, { when: { token }, set: released, remove: claimAttributes });
        if (given !== undefined) return;
        const { token: _token, leaseUntil: _leaseUntil, firing: _firing, ...open } = { ...change.set };
        await table.update(key, { when: change.when, set: { ...open, state: "open" } });
      };
      const attempt = async (): Promise<ClaimResult> => {
        if ((await table.update(key, change)) !== undefined) return { kind: "claimed", claim };
        const item = await read(campaign, batch);
        if (item === undefined)
          throw new Error(`Batch ${batch} of ${campaign} vanished from the ledger while being claimed.`);
        if (item.state !== "claimed") return { kind: "moved-on", item };
        return item.token === token ? { kind: "claimed", claim } : { kind: "taken", item };
      };
      return attempt().catch(async (error: unknown) => {
        await persevere(withdraw, leaseUntil);
        throw error;
      });
    },

    record: async (claim, outcomes) => {
      const final = outcomes.filter(isFinal).length;
      const recorded = await table.update(batchKey(claim.campaign, claim.batch), {
        when: { token: claim.token },
        set: finished(outcomes, final >= claim.rows, clock.now(), claim.token),
        remove: claimAttributes,
      });
      // Its outcomes are the ones just written: reading them again would be half of the work of recording.
      if (recorded !== undefined)
        return { ...readBatchItem(claim.campaign, { ...recorded, outcomes: undefined }), outcomes: inOrder(outcomes) };
      return finishedBy(claim.campaign, claim.batch, claim.token);
    },

    settle: async (campaign, item) => {
      const outcomes = inDoubt(item);
      const by = freshToken();
      const settled = await table.update(batchKey(campaign, item.batch), {
        when: { token: item.token },
        set: finished(outcomes, outcomes.filter(isFinal).length >= item.rows, clock.now(), by),
        remove: claimAttributes,
      });
      return settled === undefined ? finishedBy(campaign, item.batch, by) : readBatchItem(campaign, settled);
    },

    between: async function* (campaign, from, to) {
      const range = { from: batchKey(campaign, from).sk, to: batchKey(campaign, to).sk, consistent: true };
      for await (const { item } of table.query(campaign, range)) yield readBatchItem(campaign, item);
    },
  };
}

/** Waits after failures to withdraw a claim, in milliseconds: each comes after all of the SDK's own retries. */
const withdrawPausesMs = [200, 400, 800, 1_600] as const;

const claimAttributes = ["token", "leaseUntil", "firing"];

const inOrder = (outcomes: readonly Outcome[]) => outcomes.toSorted((a, b) => a.row - b.row);

const finished = (outcomes: readonly Outcome[], done: boolean, now: number, by: string): Item => ({
  state: done ? "done" : "open",
  outcomes: writeOutcomes(inOrder(outcomes)),
  recordedAt: now,
  recordedBy: by,
});

/** The item's outcomes with every row that its dead holder may have fired as unknown. */
function inDoubt(item: ClaimedBatch): readonly Outcome[] {
  const byRow = new Map(item.outcomes.map((outcome) => [outcome.row, outcome]));
  for (const row of item.firing) {
    const known = byRow.get(row);
    if (known !== undefined && isFinal(known)) continue;
    byRow.set(row, {
      row,
      status: "unknown",
      detail: "The sender stopped between sending this row and noting the answer.",
      attempts: (known?.attempts ?? 0) + 1,
    });
  }
  return [...byRow.values()];
}
