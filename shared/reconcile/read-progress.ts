import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";

/** What the ledger says about a campaign's batches beyond its low-water mark. */
export interface LedgerProgress {
  /** Every planned batch up to here is done, and the sendable rows up to here. */
  readonly mark: number;
  readonly markRows: number;
  /** Batches beyond the mark that are done. */
  readonly done: ReadonlySet<number>;
  /** Sendable rows put into the queue in this pass and not done. */
  readonly queuedRows: number;
  /** When the last of the live leases ends, epoch ms; `undefined` when nothing is claimed. */
  readonly leasedUntil: number | undefined;
  /** When something was last recorded or settled. */
  readonly recordedAt: number;
}

/** Reads the ledger consistently from the mark on, settling claims whose lease ran out on the way. */
export async function readProgress(
  batches: Pick<Batches, "between" | "settle">,
  campaign: CommittedCampaign,
  now: number,
): Promise<LedgerProgress> {
  let { mark, markRows } = campaign;
  let doneRows = 0;
  let leasedUntil: number | undefined;
  let recordedAt = 0;
  const done = new Set<number>();
  if (mark < campaign.lastBatch) {
    for await (const found of batches.between(campaign.name, mark + 1, campaign.lastBatch)) {
      const item = await settled(batches, campaign.name, found, now);
      if (item === undefined || item.state === "claimed") {
        leasedUntil = Math.max(leasedUntil ?? 0, item?.leaseUntil ?? now);
        continue;
      }
      recordedAt = Math.max(recordedAt, item.recordedAt ?? 0);
      if (item.state !== "done") continue;
      if (item.prev === mark) {
        mark = item.batch;
        markRows += item.rows;
      } else {
        done.add(item.batch);
        if (item.batch <= campaign.pointer) doneRows += item.rows;
      }
    }
  }
  const queuedRows = Math.max(0, campaign.pointerRows - markRows - doneRows);
  return { mark, markRows, done, queuedRows, leasedUntil, recordedAt };
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
