import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Table } from "../ports/table.ts";
import {
  type BatchItem,
  batchKey,
  type ClaimedBatch,
  claimAttributes,
  groupsLeft,
  inOrder,
  noted,
  readBatchItem,
  recorded,
} from "./batch-item.ts";
import { type Claim, type ClaimRequest, type ClaimResult, createClaim } from "./claim.ts";
import { isFinal, type Outcome } from "./outcome.ts";

/** The ledger's batches: who may fire which rows, and what became of them. */
export interface Batches {
  read(campaign: string, batch: number): Promise<BatchItem | undefined>;
  /** Claims a batch whose item is as `seen` (absent when undefined). Exactly one of several claimants succeeds. */
  claim(request: ClaimRequest, seen: BatchItem | undefined): Promise<ClaimResult>;
  /**
   * Gives the claim back with all outcomes of its batch, earlier ones included, in any order. `false`: the claim had been
   * settled because its lease ran out, which is final; what the caller knows is not recorded.
   */
  record(claim: Claim, outcomes: readonly Outcome[]): Promise<BatchItem | false>;
  /**
   * Notes all outcomes of a claimed batch so far, and the rows that are still in doubt: those of the claim that have none yet.
   * The claim goes on. A note that arrives after the claim has ended changes nothing.
   */
  note(claim: Claim, outcomes: readonly Outcome[], firing: readonly number[]): Promise<void>;
  /** Ends a claim whose lease ran out: its unanswered rows are in doubt for ever. `false`: it has ended otherwise meanwhile. */
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

  return {
    read,

    claim: createClaim({ ...deps, read }),

    record: async (claim, outcomes) => {
      const final = outcomes.filter(isFinal).map(({ row }) => row);
      const left = groupsLeft(claim.groups, new Set(final));
      const updated = await table.update(batchKey(claim.campaign, claim.batch), {
        when: { token: claim.token },
        set: recorded(outcomes, final.length >= claim.rows, clock.now(), claim.token, left),
        remove: claimAttributes,
      });
      // Its outcomes are the ones just written: reading them again would be half of the work of recording.
      if (updated !== undefined) {
        return { ...readBatchItem(claim.campaign, { ...updated, outcomes: undefined }), outcomes: inOrder(outcomes) };
      }
      return finishedBy(claim.campaign, claim.batch, claim.token);
    },

    note: async ({ campaign, batch, token, groups }, outcomes, firing) => {
      const over = new Set([...firing, ...outcomes.filter(isFinal).map(({ row }) => row)]);
      const left = groupsLeft(groups, over);
      await table.update(batchKey(campaign, batch), { when: { token }, set: noted(outcomes, firing, left) });
    },

    settle: async (campaign, item) => {
      const outcomes = inDoubt(item);
      const by = freshToken();
      const settled = await table.update(batchKey(campaign, item.batch), {
        when: { token: item.token },
        set: recorded(outcomes, outcomes.filter(isFinal).length >= item.rows, clock.now(), by, item.left),
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
