import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import { isFinal, type Outcome } from "../ledger/outcome.ts";

/** Rows that a campaign's tallies lack, by what became of them, and when the last of them was recorded or settled (epoch ms). */
export interface LostCounts {
  readonly add: Readonly<Record<"submitted" | "failed" | "unknown" | "skipped", number>>;
  readonly recordedAt: number;
}

/**
 * The batches, with a count of the rows whose counting died with the sender: those of batches that are recorded after the tallies were
 * last written, and those that are put in doubt by who settles claims here. No row is counted that may have been: what was left out, or
 * put in doubt, under an earlier claim of its batch has no time. True only while nothing is being sent; what is below the campaign's mark
 * is not read.
 */
export function countingLost(batches: Pick<Batches, "between" | "settle">, { tally }: CommittedCampaign) {
  const writtenAt = tally.lastRecordAt ?? 0;
  const add = { submitted: 0, failed: 0, unknown: 0, skipped: 0 };
  let latest = 0;
  const see = (
    { recordedAt = 0, turn, outcomes }: BatchItem,
    isNew: (outcome: Outcome) => boolean = () => false,
  ): void => {
    for (const outcome of outcomes) {
      const wasLost = recordedAt > writtenAt && (turn <= 1 || overAt(outcome) > writtenAt);
      if (outcome.status === "open" || !(wasLost || isNew(outcome))) continue;
      add[outcome.status] += 1;
      latest = Math.max(latest, recordedAt, writtenAt);
    }
  };
  const watched: Pick<Batches, "between" | "settle"> = {
    between: async function* (...range) {
      for await (const item of batches.between(...range)) {
        if (item.state !== "claimed") see(item);
        yield item;
      }
    },
    settle: async (campaign, claimed) => {
      const item = await batches.settle(campaign, claimed);
      const known = new Set(claimed.outcomes.filter(isFinal).map(({ row }) => row));
      if (item !== false) see(item, ({ row }) => !known.has(row));
      return item;
    },
  };
  return { watched, lost: (): LostCounts | undefined => (latest === 0 ? undefined : { add, recordedAt: latest }) };
}

/** When it was known what became of a row; long ago where that is not noted. */
const overAt = ({ at = 0, ms = 0 }: Outcome): number => at + ms;
