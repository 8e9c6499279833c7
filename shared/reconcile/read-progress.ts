import type { CommittedCampaign, DoneRun } from "../campaign/campaign.ts";
import { closedGroups, hoursChanged, hoursOfPass, waits } from "../campaign/recipient-hours.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";

/** What the ledger says about a campaign's batches beyond its low-water mark. */
export interface LedgerProgress {
  /** Every planned batch up to here is done, and the sendable rows up to here. */
  readonly mark: number;
  readonly markRows: number;
  /** Batches beyond the mark that are done; numbers between them that the plan does not have may be among them. */
  readonly done: ReadonlySet<number>;
  /**
   * Where hours are by the recipients' clocks: the groups of the rows that are left in batches that somebody has begun. None
   * of a claimed one: what of it is left shows when it is recorded.
   */
  readonly left: ReadonlyMap<number, readonly number[]>;
  /** Whether anybody's hours have begun or ended since this pass looked, and when that was found out, epoch ms. */
  readonly hours: { readonly changed: boolean; readonly at: number };
  /** Sendable rows put into the queue in this pass that are neither done nor wait for their hours. */
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
  const hours = hoursAt(campaign, now);
  const closed = closedGroups(campaign, hours.changed ? hours.at : hoursOfPass(campaign));
  const chain = createChain(campaign);
  const left = new Map<number, readonly number[]>();
  let leasedUntil: number | undefined;
  let recordedAt = 0;
  const read = async (from: number, to: number): Promise<void> => {
    if (from > to) return;
    for await (const found of batches.between(campaign.name, from, to)) {
      const item = await settled(batches, campaign.name, found, now);
      if (item === undefined || item.state === "claimed") {
        left.set(found.batch, []);
        leasedUntil = Math.max(leasedUntil ?? 0, item?.leaseUntil ?? now);
        continue;
      }
      recordedAt = Math.max(recordedAt, item.recordedAt ?? 0);
      const run = { prev: item.prev, to: item.batch, rows: item.rows, recordedAt: item.recordedAt ?? 0 };
      if (item.state === "done") chain.add(run);
      else if (item.left !== undefined) {
        left.set(item.batch, item.left);
        if (waits(item.left, closed)) chain.add({ ...run, waits: { groups: item.left, since: hours.at } });
      }
    }
  };
  let from = campaign.mark + 1;
  for (const run of campaign.ahead ?? []) {
    if (!stillHolds(campaign, run, hours)) continue;
    // A run that reaches over the pointer does not tell how many of its rows are before it.
    if (run.prev < campaign.mark || (run.prev < pointer && pointer < run.to)) continue;
    await read(from, run.prev);
    recordedAt = Math.max(recordedAt, run.recordedAt);
    chain.add(run);
    if (run.waits !== undefined) {
      for (let batch = run.prev + 1; batch <= run.to; batch++) left.set(batch, run.waits.groups);
    }
    from = run.to + 1;
  }
  await read(from, lastBatch);
  const { mark, markRows, done, settledRows, ahead } = chain.end();
  return {
    mark,
    markRows,
    done,
    left,
    hours,
    queuedRows: Math.max(0, campaign.pointerRows - markRows - settledRows - (campaign.passedOver ?? 0)),
    leasedUntil,
    recordedAt,
    ahead,
  };
}

/** Whether what is remembered of a run is still true: a batch that waits for its hours does so until anybody's begin or end. */
export const stillHolds = (campaign: CommittedCampaign, { waits }: DoneRun, hours: LedgerProgress["hours"]): boolean =>
  waits === undefined || !(hours.changed || hoursChanged(campaign, waits.since, hours.at));

/** Where `now` is no instant, as at a restart, nothing is remembered of hours. */
function hoursAt(campaign: CommittedCampaign, now: number): LedgerProgress["hours"] {
  if (!Number.isFinite(now)) return { changed: true, at: campaign.passStartedAt };
  return { changed: hoursChanged(campaign, hoursOfPass(campaign), now), at: now };
}

/** Runs that a campaign's item remembers: at most so many, and none shorter. */
const memory = { runs: 10, batches: 20 } as const;

/** Puts batches that are done or wait, given in order, together to the mark and to runs beyond it. */
function createChain(campaign: Pick<CommittedCampaign, "mark" | "markRows" | "pointer">) {
  let { mark, markRows } = campaign;
  let settledRows = 0;
  const runs: DoneRun[] = [];
  const done = new Set<number>();
  const lengthOf = ({ prev, to }: DoneRun) => to - prev;
  return {
    add: (run: DoneRun) => {
      if (run.prev === mark && run.waits === undefined) {
        mark = run.to;
        markRows += run.rows;
        return;
      }
      if (run.waits === undefined) for (let batch = run.prev + 1; batch <= run.to; batch++) done.add(batch);
      if (run.to <= campaign.pointer) settledRows += run.rows;
      const last = runs.at(-1);
      if (last?.to !== run.prev) runs.push(run);
      else {
        runs[runs.length - 1] = {
          prev: last.prev,
          to: run.to,
          rows: last.rows + run.rows,
          recordedAt: Math.max(last.recordedAt, run.recordedAt),
          waits: bothWait(last.waits, run.waits),
        };
      }
    },
    end: () => {
      const ahead = runs
        .filter((run) => lengthOf(run) >= memory.batches)
        .toSorted((a, b) => lengthOf(b) - lengthOf(a))
        .slice(0, memory.runs)
        .toSorted((a, b) => a.prev - b.prev);
      return { mark, markRows, done, settledRows, ahead: ahead.length === 0 ? undefined : ahead };
    },
  };
}

/** What a run waits for that is made of two; nothing where both are done. */
function bothWait(one: DoneRun["waits"], other: DoneRun["waits"]): DoneRun["waits"] {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    groups: [...new Set([...one.groups, ...other.groups])],
    since: Math.min(one.since, other.since),
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
