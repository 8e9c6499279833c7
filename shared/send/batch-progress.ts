import type { CommittedCampaign } from "../campaign/campaign.ts";
import { byRecipient, windowsOfRow } from "../campaign/recipient-hours.ts";
import { isOpen, nextOpening } from "../campaign/window.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import { isFinal, type Outcome } from "../ledger/outcome.ts";
import type { LaterOptOuts } from "../opt-outs/later-opt-outs.ts";
import type { BatchMessage, SendRow } from "../plan/plan.ts";
import type { SendState } from "./send-state.ts";

/** How far a batch has got: its rows' outcomes, and the rows that may still be fired. */
export interface BatchProgress {
  /** By row number. */
  readonly outcomes: Map<number, Outcome>;
  /** Outcomes that the ledger's item doesn't have yet: rows suppressed, or opted out, after the plan was written. */
  readonly skipped: readonly Outcome[];
  readonly left: readonly SendRow[];
  /** Set where there are other rows, whose recipients' hours have not come: when the first hours of theirs begin, epoch ms. */
  readonly later?: { readonly from: number | undefined };
}

/** The progress without the rows whose recipients' hours have not come at `now` (epoch ms). */
export function withinHours(progress: BatchProgress, campaign: CommittedCampaign, now: number): BatchProgress {
  if (!byRecipient(campaign)) return progress;
  const mayCome = (zone: number | undefined) => {
    const windows = windowsOfRow(campaign, zone);
    return windows !== undefined && isOpen(windows, now);
  };
  const groups = new Set(progress.left.map(({ zone }) => zone));
  const closed = [...groups].filter((zone) => !mayCome(zone));
  if (closed.length === 0) return progress;
  const openings = closed.flatMap((zone) => {
    const windows = windowsOfRow(campaign, zone);
    return (windows && nextOpening(windows, now)) ?? [];
  });
  return {
    ...progress,
    left: progress.left.filter(({ zone }) => !closed.includes(zone)),
    later: { from: openings.length === 0 ? undefined : Math.min(...openings) },
  };
}

/**
 * The progress of a message's rows according to the ledger's item (`undefined`: never claimed). `optedOut`: who was opted
 * out after the message was fed; where those are too many to be known, the pass is parked before anything is fired.
 */
export function progressOf(
  message: BatchMessage,
  item: BatchItem | undefined,
  optedOut: LaterOptOuts = "too-many",
): BatchProgress {
  const outcomes = new Map<number, Outcome>(item?.outcomes.map((outcome) => [outcome.row, outcome]));
  const isOver = (row: number) => {
    const outcome = outcomes.get(row);
    return outcome !== undefined && isFinal(outcome);
  };
  const later = message.rows.flatMap(({ row, cnumber }) => {
    const detail = optedOut === "too-many" ? undefined : optedOut(cnumber, message.meant?.[row]);
    return detail === undefined ? [] : [{ row, detail }];
  });
  const skipped = [...message.skipped, ...later]
    .filter(({ row }) => !isOver(row))
    .map(
      ({ row, detail }): Outcome => ({ row, status: "skipped", detail, attempts: outcomes.get(row)?.attempts ?? 0 }),
    );
  for (const outcome of skipped) outcomes.set(outcome.row, outcome);
  return { outcomes, skipped, left: message.rows.filter(({ row }) => !isOver(row)) };
}

/** What is left of a batch for this instant (`now`, epoch ms): without who has opted out since, and who is not in his hours. */
export const progressNow = (
  message: BatchMessage,
  item: BatchItem | undefined,
  { campaign, optedOut }: Pick<SendState, "campaign" | "optedOut">,
  now: number,
): BatchProgress => withinHours(progressOf(message, item, optedOut), campaign, now);
