import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Batches } from "../ledger/batches.ts";
import { explainOutcome } from "./explain.ts";
import { createReasons, type Reason } from "./reasons.ts";

/** How many of the newest batches are read: about as many seconds of sending, and a few hundred kilobytes. */
const batchesRead = 200;

/**
 * Why rows of a campaign that is not over have failed or are in doubt, from its newest batches: while a million rows are
 * sent, nobody reads all of them again and again. Nothing is read where the tallies say that all went well.
 */
export async function recentReasons(
  batches: Pick<Batches, "between">,
  campaign: CommittedCampaign,
): Promise<readonly Reason[]> {
  const { name, tally, pointer, lastBatch, simulated } = campaign;
  const reasons = createReasons();
  if (tally.failed + tally.unknown === 0 || lastBatch === 0) return [];
  const last = pointer === 0 ? lastBatch : pointer;
  for await (const { outcomes } of batches.between(name, Math.max(1, last - batchesRead + 1), last)) {
    for (const outcome of outcomes) {
      const { row, status, code, key } = outcome;
      if (status !== "failed" && status !== "unknown") continue;
      reasons.add({ row, line: undefined }, status, explainOutcome(outcome, simulated), code, key);
    }
  }
  return reasons.all([], { invalid: 0, skipped: 0 });
}
