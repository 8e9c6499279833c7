import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Claim } from "../ledger/claim.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

/** Longest wait between two tries to record, in milliseconds. */
const longestPauseMs = 2_000;

/**
 * Records outcomes, trying until the lease ends: what isn't recorded by then is in doubt for ever. Resolves as
 * `Batches.record` does; throws when the ledger could not be reached in time.
 */
export const createRecordOutcomes =
  (deps: { batches: Pick<Batches, "record">; clock: Clock; log: Log }) =>
  async (claim: Claim, outcomes: readonly Outcome[]): Promise<BatchItem | false> => {
    const { batches, clock, log } = deps;
    for (let pause = 200; ; pause = Math.min(2 * pause, longestPauseMs)) {
      try {
        return await batches.record(claim, outcomes);
      } catch (error) {
        if (clock.now() + pause >= claim.leaseUntil) throw error;
        log.error("Outcomes could not be recorded; trying again until the lease ends.", error, { batch: claim.batch });
        await clock.sleepUntil(clock.now() + pause);
      }
    }
  };
