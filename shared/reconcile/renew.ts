import type { CommittedCampaign } from "../campaign/campaign.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { LedgerProgress } from "./read-progress.ts";

/** Longest patience with a pass that records nothing, milliseconds. */
const longestPatienceMs = 3_600_000;

/** Why a campaign that may send needs its next pass. */
export type Renewal = "parked" | "hours" | "stalled" | undefined;

/**
 * Whether the messages of the present pass are of no use any more: one of them met a closed door, or nothing was recorded
 * for longer than messages can be invisible (`visibilityMs`) and twice what is queued takes to send (`queuedMs`).
 * The patience doubles with every pass in vain. This one rule cures pause, hold, closed window, a lost queue and lost
 * messages.
 *
 * Where hours are by the recipients' clocks, the next pass also begins with every change of anybody's hours: within a pass
 * it is fixed whose hours it is, so that what waits for its hours can be told from what was lost.
 */
export function renewal(
  campaign: CommittedCampaign,
  progress: LedgerProgress,
  times: { readonly visibilityMs: number; readonly queuedMs: number; readonly now: number },
): Renewal {
  if (campaign.parked === campaign.pass) return "parked";
  if (progress.hours.changed) return "hours";
  if (campaign.pointer <= progress.mark) return undefined;
  if (byRecipient(campaign) && progress.queuedRows === 0) return undefined;
  const lately = Math.max(campaign.passStartedAt, campaign.tally.lastRecordAt ?? 0, progress.recordedAt);
  const patience = Math.min(
    longestPatienceMs,
    (times.visibilityMs + 2 * times.queuedMs) * 2 ** stallsOf(campaign, progress),
  );
  return times.now - lately > patience ? "stalled" : undefined;
}

/** What the next pass starts with: the first batch not done. */
export function nextPass(
  campaign: CommittedCampaign,
  progress: LedgerProgress,
  why: NonNullable<Renewal>,
  now: number,
) {
  return {
    pass: campaign.pass + 1,
    passStartedAt: now,
    parked: undefined,
    pointer: progress.mark,
    pointerRows: progress.markRows,
    mark: progress.mark,
    markRows: progress.markRows,
    passedOver: undefined,
    hoursAt: byRecipient(campaign) ? progress.hours.at : undefined,
    stalls: why === "stalled" ? stallsOf(campaign, progress) + 1 : 0,
  };
}

/** Passes in vain so far; a record since the pass began ends the count. */
const stallsOf = (campaign: CommittedCampaign, progress: LedgerProgress) =>
  Math.max(campaign.tally.lastRecordAt ?? 0, progress.recordedAt) > campaign.passStartedAt ? 0 : campaign.stalls;
