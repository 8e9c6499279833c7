import type { Account } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Bucket } from "../ports/bucket.ts";
import { type OptOutDecision, storeDecisions } from "./opt-out-list.ts";
import type { RecentDecisions } from "./recent-opt-outs.ts";

/** What noting decisions depends on. */
export interface NoteDecisionsDeps {
  readonly bucket: Pick<Bucket, "get" | "replace">;
  readonly recent: RecentDecisions;
  readonly account: Pick<AccountStore, "change">;
  /** Of numbers that people wrote into the list without a country code. */
  readonly country?: string;
}

/**
 * Notes who opted out or took that back: first in the list, which feeds read; then in the ledger, for batches that were
 * fed before; last in the account, by which senders know that there is something new. Cut off in between and done again,
 * it comes to the same. Returns the decisions that stand now. Throws an OptOutListError for a list that takes no more.
 */
export async function noteDecisions(
  { bucket, recent, account, country }: NoteDecisionsDeps,
  decisions: readonly OptOutDecision[],
): Promise<readonly OptOutDecision[]> {
  const standing = decisions.length === 0 ? [] : await storeDecisions(bucket, decisions, country);
  const { sequence } = await recent.add(standing);
  await account.change((state) => ({ account: withSequence(state, sequence), result: undefined }));
  return standing;
}

/**
 * Tells queued batches of numbers that were put on a suppression list: in the ledger, then in the account. That they were taken off
 * it is for feeds alone: somebody may be on another list.
 */
export async function noteSuppressed(
  { recent, account }: Pick<NoteDecisionsDeps, "recent" | "account">,
  list: string,
  added: readonly OptOutDecision[],
): Promise<void> {
  const { sequence } = await recent.add(added, list);
  await account.change((state) => ({ account: withSequence(state, sequence), result: undefined }));
}

/** The same object where the account knows it already. */
const withSequence = (state: Account, sequence: number): Account =>
  sequence <= (state.optOuts?.sequence ?? 0) ? state : { ...state, optOuts: { ...state.optOuts, sequence } };
