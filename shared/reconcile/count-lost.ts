import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import { isFinal, type Outcome } from "../ledger/outcome.ts";

/** Rows that a campaign's tallies lack, by what became of them, and when the last of them was recorded or settled (epoch ms). */
export interface LostCounts {
  readonly add: Record<"submitted" | "failed" | "unknown" | "skipped", number>;
  readonly recordedAt: number;
}

/** What became of a row; when it was called or that was known, and when its batch was written, epoch ms. */
interface Known {
  readonly status: keyof LostCounts["add"];
  readonly at: number;
  readonly recordedAt: number;
}

/** How many batches below the mark are read where those beyond it do not have all rows that were lost. */
const readBack = 200;

/**
 * The batches, with a count of the rows whose counting died with the sender: as many as the ledger has more than the tallies, those that
 * it learned of last. Times alone do not tell them: a sender writes its tallies while it, or another, has not counted everything that
 * is recorded. True only while nothing is being sent. Of what is below the campaign's mark only as much is read as it takes.
 */
export function countingLost(batches: Pick<Batches, "between" | "settle">, campaign: CommittedCampaign) {
  const { name, tally, mark, markRows, ahead = [] } = campaign;
  const read = new Set<number>();
  const over: Known[] = [];
  const see = (item: BatchItem, settled: (outcome: Outcome) => boolean = () => false): void => {
    read.add(item.batch);
    over.push(...item.outcomes.flatMap((outcome) => knownOf(item, outcome, settled(outcome))));
  };
  const watched: Pick<Batches, "between" | "settle"> = {
    between: async function* (...range) {
      for await (const item of batches.between(...range)) {
        if (item.state !== "claimed") see(item);
        yield item;
      }
    },
    settle: async (of, claimed) => {
      const item = await batches.settle(of, claimed);
      const before = new Set(claimed.outcomes.filter(isFinal).map(({ row }) => row));
      if (item !== false) see(item, ({ row }) => !before.has(row));
      return item;
    },
  };

  /** Runs of batches that are done and were not read, because the campaign's item knows of them. */
  const unread = () => [
    { prev: 0, to: mark, rows: markRows },
    ...ahead.filter(({ prev, to }) => ![...read].some((batch) => prev < batch && batch <= to)),
  ];

  const lost = async (): Promise<LostCounts | undefined> => {
    const runs = unread();
    const unreadRows = runs.reduce((sum, { rows }) => sum + rows, 0);
    const missing = unreadRows + over.length - tally.submitted - tally.failed - tally.unknown - tally.skipped;
    if (missing > over.length) {
      for (const { prev, to } of runs) {
        for await (const item of batches.between(name, Math.max(prev, to - readBack) + 1, to)) see(item);
      }
    }
    const last = latest(over, tally, Math.max(0, missing));
    if (last.length === 0) return undefined;
    const add = { submitted: 0, failed: 0, unknown: 0, skipped: 0 };
    for (const { status } of last) add[status] += 1;
    return { add, recordedAt: Math.max(tally.lastRecordAt ?? 0, ...last.map(({ recordedAt }) => recordedAt)) };
  };
  return { watched, lost };
}

/** As many rows as are `missing`: of each status at least as many as there are more than the tally has, and those known last. */
function latest(over: readonly Known[], tally: LostCounts["add"], missing: number): readonly Known[] {
  const byTime = over.toSorted((a, b) => b.at - a.at);
  const seen = { submitted: 0, failed: 0, unknown: 0, skipped: 0 };
  for (const { status } of over) seen[status] += 1;
  const surely = new Set(byTime.filter(({ status }) => seen[status]-- > tally[status]));
  return [...surely, ...byTime.filter((known) => !surely.has(known))].slice(0, missing);
}

/** A row's final outcome, which may have been `settled` just now. */
function knownOf({ turn, recordedAt = 0 }: BatchItem, { status, at }: Outcome, settled: boolean): readonly Known[] {
  if (status === "open") return [];
  // What was never called was known when its batch was recorded, or under an earlier claim of it.
  const uncalledAt = turn <= 1 ? recordedAt : 0;
  return [{ status, at: settled ? Number.POSITIVE_INFINITY : (at ?? uncalledAt), recordedAt }];
}
