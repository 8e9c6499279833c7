import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { LedgerProgress } from "./read-progress.ts";

/** Longest patience with a pass that records nothing, milliseconds. */
const longestPatienceMs = 3_600_000;

/** Why a campaign that may send needs its next pass. */
export type Renewal = "parked" | "stalled" | undefined;

/**
 * Whether the messages of the present pass are of use no more: one of them met a closed door, or nothing was recorded
 * for longer than messages can be invisible (`visibilityMs`) and twice what is queued takes to send (`queuedMs`).
 * The patience doubles with every pass in vain. This one rule cures pause, hold, closed window, a lost queue and lost
 * messages.
 */
export function renewal(
  campaign: CommittedCampaign,
  seen: LedgerProgress,
  times: { readonly visibilityMs: number; readonly queuedMs: number; readonly now: number },
): Renewal {
  if (campaign.parked === campaign.pass) return "parked";
  if (campaign.pointer <= seen.mark) return undefined;
  const lately = Math.max(campaign.passStartedAt, campaign.tally.lastRecordAt ?? 0, seen.recordedAt);
  const patience = Math.min(
    longestPatienceMs,
    (times.visibilityMs + 2 * times.queuedMs) * 2 ** stallsOf(campaign, seen),
  );
  return times.now - lately > patience ? "stalled" : undefined;
}

/** What the next pass starts with: the first batch not done. */
export function nextPass(campaign: CommittedCampaign, seen: LedgerProgress, why: "parked" | "stalled", now: number) {
  return {
    pass: campaign.pass + 1,
    passStartedAt: now,
    parked: undefined,
    pointer: seen.mark,
    pointerRows: seen.markRows,
    mark: seen.mark,
    markRows: seen.markRows,
    stalls: why === "stalled" ? stallsOf(campaign, seen) + 1 : 0,
  };
}

/** Passes in vain so far; a record since the pass began ends the count. */
const stallsOf = (campaign: CommittedCampaign, seen: LedgerProgress) =>
  Math.max(campaign.tally.lastRecordAt ?? 0, seen.recordedAt) > campaign.passStartedAt ? 0 : campaign.stalls;
