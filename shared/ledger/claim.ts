import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Change, Table } from "../ports/table.ts";
import { type BatchItem, batchKey, type ClaimedBatch, claimAttributes, groupsLeft, recorded } from "./batch-item.ts";
import { isFinal } from "./outcome.ts";
import { itemVersion } from "./read-item.ts";

/** What is claimed: a batch of a campaign, the rows about to be fired, and until when. */
export interface ClaimRequest {
  readonly campaign: string;
  readonly batch: number;
  readonly prev: number;
  readonly rows: number;
  readonly firing: readonly number[];
  /** The groups of its rows, by row number, where hours are by the recipients' clocks. */
  readonly groups?: ReadonlyMap<number, number>;
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
  /** As it was claimed with. */
  readonly groups?: ReadonlyMap<number, number>;
}

/** What came of claiming. */
export type ClaimResult =
  | { readonly kind: "claimed"; readonly claim: Claim }
  /** Another execution is working on it. */
  | { readonly kind: "taken"; readonly item: ClaimedBatch }
  /** It is further than the caller knew: its outcomes say which rows are left, if any. */
  | { readonly kind: "moved-on"; readonly item: BatchItem };

/** The first wait after a failure to withdraw a claim, and the longest that it doubles to, in milliseconds: each comes after all of the SDK's own retries. */
const withdrawPauseMs = { first: 200, longest: 2_000 } as const;

/** Claims a batch; withdraws the claim when it cannot tell whether it was applied, and then throws. */
export function createClaim(deps: {
  table: Table;
  clock: Clock;
  freshToken: FreshToken;
  read: (campaign: string, batch: number) => Promise<BatchItem | undefined>;
}): (request: ClaimRequest, seen: BatchItem | undefined) => Promise<ClaimResult> {
  const { table, clock, freshToken, read } = deps;

  /** Tries what a failing ledger refuses until a lease ends: a claim that stands by then is in doubt for ever. */
  const persevere = async (act: () => Promise<void>, leaseUntil: number): Promise<void> => {
    const { first, longest } = withdrawPauseMs;
    for (let pause: number = first; ; pause = Math.min(2 * pause, longest)) {
      try {
        return await act();
      } catch {
        if (clock.now() + pause >= leaseUntil) return;
        await clock.sleepUntil(clock.now() + pause);
      }
    }
  };

  return async (request, seen) => {
    const token = freshToken();
    const { campaign, batch, rows, leaseUntil } = request;
    const key = batchKey(campaign, batch);
    const change = claiming(request, seen, token);

    /**
     * Nothing was fired, so nothing need be in doubt: a claim that was applied after all is given back, and one that is
     * still on its way will find that its turn has passed.
     */
    const withdraw = async (): Promise<void> => {
      const released = {
        ...recorded(seen?.outcomes ?? [], false, clock.now(), token, seen?.left),
        recordedAt: seen?.recordedAt,
      };
      const given = await table.update(key, { when: { token }, set: released, remove: claimAttributes });
      if (given !== undefined) return;
      const { token: _token, leaseUntil: _leaseUntil, firing: _firing, ...open } = { ...change.set };
      await table.update(key, { when: change.when, set: { ...open, state: "open", left: seen?.left } });
    };
    const attempt = async (): Promise<ClaimResult> => {
      const claim: Claim = { campaign, batch, token, leaseUntil, rows, groups: request.groups };
      if ((await table.update(key, change)) !== undefined) return { kind: "claimed", claim };
      const item = await read(campaign, batch);
      if (item === undefined) {
        throw new Error(`Batch ${batch} of ${campaign} disappeared from the ledger while it was being claimed.`);
      }
      if (item.state !== "claimed") return { kind: "moved-on", item };
      return item.token === token ? { kind: "claimed", claim } : { kind: "taken", item };
    };
    return attempt().catch(async (error: unknown) => {
      await persevere(withdraw, leaseUntil);
      throw error;
    });
  };
}

/** The change that claims a batch whose item is as `seen`; it can be applied once. */
function claiming(request: ClaimRequest, seen: BatchItem | undefined, token: string): Change {
  const { batch, prev, rows, firing, groups, leaseUntil, expiresAt } = request;
  const over = new Set([...firing, ...(seen?.outcomes.filter(isFinal).map(({ row }) => row) ?? [])]);
  return {
    when: seen === undefined ? { turn: undefined } : { turn: seen.turn, state: "open" },
    set: {
      v: itemVersion,
      state: "claimed",
      batch,
      prev,
      rows,
      turn: (seen?.turn ?? 0) + 1,
      token,
      leaseUntil,
      firing,
      left: groupsLeft(groups, over),
      expiresAt: Math.ceil(expiresAt / 1000),
    },
  };
}
