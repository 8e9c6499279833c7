import type { CommittedCampaign, DoneRun } from "../campaign/campaign.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";

/** What the ledger says about a campaign's batches beyond its low-water mark. */
export interface LedgerProgress {
  /** Every planned batch up to here is done, and the sendable rows up to here. */
  readonly mark: number;
  readonly markRows: number;
  /** Batches beyond the mark that are done; numbers between them that the plan does not have may be among them. */
  readonly done: ReadonlySet<number>;
  /** Sendable rows put into the queue in this pass and not done. */
  readonly queuedRows: number;
  /** When the last of the live leases ends, epoch ms; `undefined` when nothing is claimed. */
  readonly leasedUntil: number | undefined;
  /** When something was last recorded or settled. */
  readonly recordedAt: number;
  /** Long runs of done batches beyond the mark, for the campaign's item to remember. */
  readonly ahead?: readonly DoneRun[];
}

/**
 * Reads the ledger consistently from the mark on, settling claims whose lease ran out on the way. Of the batches that the
 * campaign's item knows to be done, none is read.
 */
export async function readProgress(
  batches: Pick<Batches, "between" | "settle">,
  campaign: CommittedCampaign,
  now: number,
): Promise<LedgerProgress> {
  const { pointer, lastBatch } = campaign;
  const chain = createChain(campaign);
  let leasedUntil: number | undefined;
  let recordedAt = 0;
  const read = async (from: number, to: number): Promise<void> => {
    if (from > to) return;
    for await (const found of batches.between(campaign.name, from, to)) {
      const item = await settled(batches, campaign.name, found, now);
      if (item === undefined || item.state === "claimed") {
        leasedUntil = Math.max(leasedUntil ?? 0, item?.leaseUntil ?? now);
        continue;
      }
      recordedAt = Math.max(recordedAt, item.recordedAt ?? 0);
      if (item.state !== "done") continue;
      chain.add({ prev: item.prev, to: item.batch, rows: item.rows, recordedAt: item.recordedAt ?? 0 });
    }
  };
  let from = campaign.mark + 1;
  for (const run of campaign.ahead ?? []) {
    // A run that reaches over the pointer does not tell how many of its rows are before it.
    if (run.prev < campaign.mark || (run.prev < pointer && pointer < run.to)) continue;
    await read(from, run.prev);
    recordedAt = Math.max(recordedAt, run.recordedAt);
    chain.add(run);
    from = run.to + 1;
  }
  await read(from, lastBatch);
  const { mark, markRows, done, doneRows, ahead } = chain.end();
  return {
    mark,
    markRows,
    done,
    queuedRows: Math.max(0, campaign.pointerRows - markRows - doneRows),
    leasedUntil,
    recordedAt,
    ahead,
  };
}

/** Runs that a campaign's item remembers: at most so many, and none shorter. */
const remembered = { runs: 10, batches: 20 } as const;

/** Puts done batches, given in order, together to the mark and to runs beyond it. */
function createChain(campaign: Pick<CommittedCampaign, "mark" | "markRows" | "pointer">) {
  let { mark, markRows } = campaign;
  let doneRows = 0;
  const runs: DoneRun[] = [];
  const lengthOf = ({ prev, to }: DoneRun) => to - prev;
  return {
    add: (run: DoneRun) => {
      if (run.prev === mark) {
        mark = run.to;
        markRows += run.rows;
        return;
      }
      if (run.to <= campaign.pointer) doneRows += run.rows;
      const last = runs.at(-1);
      if (last?.to !== run.prev) runs.push(run);
      else {
        runs[runs.length - 1] = {
          prev: last.prev,
          to: run.to,
          rows: last.rows + run.rows,
          recordedAt: Math.max(last.recordedAt, run.recordedAt),
        };
      }
    },
    end: () => {
      const done = new Set<number>();
      for (const { prev, to } of runs) for (let batch = prev + 1; batch <= to; batch++) done.add(batch);
      const ahead = runs
        .filter((run) => lengthOf(run) >= remembered.batches)
        .toSorted((a, b) => lengthOf(b) - lengthOf(a))
        .slice(0, remembered.runs)
        .toSorted((a, b) => a.prev - b.prev);
      return { mark, markRows, done, doneRows, ahead: ahead.length === 0 ? undefined : ahead };
    },
  };
}

/** The item, its claim ended if the lease ran out; `undefined` when another execution has just ended it. */
async function settled(
  batches: Pick<Batches, "settle">,
  campaign: string,
  item: BatchItem,
  now: number,
): Promise<BatchItem | undefined> {
  if (item.state !== "claimed" || item.leaseUntil >= now) return item;
  const after = await batches.settle(campaign, item);
  return after === false ? undefined : after;
}
