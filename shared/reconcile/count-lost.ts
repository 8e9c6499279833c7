import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Outcome } from "../ledger/outcome.ts";

/** Rows that a campaign's tallies lack, by what became of them, and when the last of them was recorded or settled (epoch ms). */
export interface LostCounts {
  readonly add: Readonly<Record<"submitted" | "failed" | "unknown" | "skipped", number>>;
  readonly recordedAt: number;
}

/**
 * The batches, with a count of the rows whose counting died with the sender: those of batches that are recorded, or settled by who reads
 * them here, after the tallies were last written. True only while nothing is being sent; what is below the campaign's mark is not read.
 */
export function countingLost(batches: Pick<Batches, "between" | "settle">, { tally }: CommittedCampaign) {
  const writtenAt = tally.lastRecordAt ?? 0;
  const add = { submitted: 0, failed: 0, unknown: 0, skipped: 0 };
  let latest = 0;
  const see = (item: BatchItem): void => {
    const { recordedAt = 0 } = item;
    if (item.state === "claimed" || recordedAt <= writtenAt) return;
    latest = Math.max(latest, recordedAt);
    // An earlier claim of the batch was counted, perhaps.
    const fresh = item.outcomes.filter((outcome) => item.turn <= 1 || overAt(outcome) > writtenAt);
    for (const { status } of fresh) if (status !== "open") add[status] += 1;
  };
  const watched: Pick<Batches, "between" | "settle"> = {
    between: async function* (...range) {
      for await (const item of batches.between(...range)) {
        see(item);
        yield item;
      }
    },
    settle: async (...claim) => {
      const item = await batches.settle(...claim);
      if (item !== false) see(item);
      return item;
    },
  };
  return { watched, lost: (): LostCounts | undefined => (latest === 0 ? undefined : { add, recordedAt: latest }) };
}

/** When it was known what became of a row; of one that was just put in doubt, or left out, nobody knows. */
const overAt = ({ at = Number.POSITIVE_INFINITY, ms = 0 }: Outcome): number => at + ms;
