import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Clock } from "../clock.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { Metrics } from "../metrics.ts";
import { type Enqueue, nudgeBody } from "../queue.ts";

/**
 * Adds fresh outcomes to a campaign's tallies, pauses it when more fails than its `stopAfterFailures` allows, and has
 * the reporter look when all seems done. Tallies are hints: what is lost or counted twice here misleads nobody for long.
 */
export function createTally(deps: {
  campaigns: Pick<Campaigns, "change" | "count">;
  nudge: Enqueue;
  metrics: Metrics;
  clock: Pick<Clock, "now">;
}) {
  const { campaigns, nudge, metrics, clock } = deps;

  return async (campaign: CommittedCampaign, fresh: readonly Outcome[]): Promise<void> => {
    const count = (status: Outcome["status"]) => fresh.filter((outcome) => outcome.status === status).length;
    const [submitted, failed, unknown, skipped] = [
      count("submitted"),
      count("failed"),
      count("unknown"),
      count("skipped"),
    ];
    metrics.add("Submitted", submitted);
    metrics.add("Failed", failed);
    metrics.add("Unknown", unknown);
    metrics.add("NotSent", count("open"));
    const add = {
      submitted,
      failed,
      unknown,
      skipped,
      recentCalls: submitted + failed + unknown,
      recentFailed: failed,
    };
    const after = await campaigns.count(campaign, add, clock.now());
    if (after === undefined) return;
    const { tally, sendable, options } = after;
    const limit = options.stopAfterFailures;
    if (limit !== undefined && after.state === "running" && tally.recentCalls >= limit.after) {
      if (tally.recentFailed / tally.recentCalls >= limit.rate) {
        const reason = `${tally.recentFailed} of the last ${tally.recentCalls} calls failed; stopAfterFailures allows ${limit.rate * 100} %. Look at the reasons, then resume or cancel.`;
        await campaigns.change(
          after,
          { pass: after.pass, state: "running" },
          { state: "paused", pause: { code: "failures", reason, at: clock.now() } },
        );
      } else {
        // A full window without too many failures: the next one begins.
        await campaigns.count(
          after,
          { recentCalls: -tally.recentCalls, recentFailed: -tally.recentFailed },
          clock.now(),
        );
      }
    }
    if (tally.submitted + tally.failed + tally.unknown + tally.skipped >= sendable)
      await nudge([nudgeBody({ kind: "look" })]);
  };
}
