import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";

/** Rows by status so far, and how many have yet to be sent, from a campaign's tallies. */
export function liveCounts({ tally, sendable, invalid, skipped }: CommittedCampaign): {
  readonly counts: Record<RowStatus, number>;
  readonly remaining: number;
} {
  return {
    counts: {
      submitted: tally.submitted,
      failed: tally.failed,
      unknown: tally.unknown,
      invalid,
      skipped: skipped + tally.skipped,
      cancelled: 0,
    },
    remaining: Math.max(0, sendable - tally.submitted - tally.failed - tally.unknown - tally.skipped),
  };
}
