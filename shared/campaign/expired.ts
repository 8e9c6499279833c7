import type { Campaign } from "./campaign.ts";

const dayMs = 24 * 3600_000;

/** When a campaign's report, or the page that says why it was refused, was written (epoch ms); `undefined` until it is. */
export function reportedAtOf(campaign: Campaign): number | undefined {
  if (campaign.state === "refused") return campaign.judgedAt;
  return campaign.state === "complete" ? (campaign.reportedAt ?? campaign.completedAt) : undefined;
}

/**
 * Whether a report that was written at `reportedAt` has expired by `now` (both epoch ms). The bucket removes it within a
 * day or two; the campaign's name stays taken.
 */
export const hasExpired = (reportedAt: number | undefined, keepDays: number | undefined, now: number): boolean =>
  reportedAt !== undefined && keepDays !== undefined && now > reportedAt + keepDays * dayMs;
