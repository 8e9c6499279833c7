import type { CommittedCampaign } from "../campaign/campaign.ts";
import { grouped, iso } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { explainEnd } from "./explain.ts";
import type { FinalFigures } from "./figures.ts";
import { nextSteps, reportFiles } from "./next-steps.ts";
import { type Summary, summaryVersion } from "./summary.ts";

/** The summary of a campaign that is over. `rate` is what the account was set to, in calls per second. */
export function finalSummary(
  campaign: CommittedCampaign,
  head: PlanHead,
  figures: FinalFigures,
  rate?: number,
): Summary {
  const { name, end } = campaign;
  const { counts, rows, segments, reasons, firstCallAt, lastCallAt } = figures;
  return {
    schemaVersion: summaryVersion,
    name,
    state: "complete",
    stateText: `${opening(end)}: ${grouped(counts.submitted)} of ${grouped(rows)} accepted by Enswitch`,
    reason: end && explainEnd(end),
    rows,
    counts,
    remaining: 0,
    segments: { total: segments.total, distribution: { ...segments.distribution } },
    startedAt: firstCallAt === undefined ? undefined : iso(firstCallAt),
    endedAt: lastCallAt === undefined ? undefined : iso(lastCallAt),
    ended: end?.why,
    calls: figures.calls,
    rate: { set: rate, reached: figures.rateReached === undefined ? undefined : round(figures.rateReached) },
    answerMs: figures.answers,
    ...described(campaign, head),
    problems: reasons.map((reason) => ({
      ...reason,
      rows: [...reason.rows],
      examples: reason.examples ? [...reason.examples] : undefined,
    })),
    files: reportFiles(counts),
    nextSteps: [...nextSteps(name, counts, campaign.jsonVersion !== undefined)],
    updatedAt: iso(figures.completedAt),
  };
}

/** What a summary says of the upload itself, whatever became of the rows. */
export const described = (campaign: CommittedCampaign, head: PlanHead | undefined) => ({
  uploadedBy: campaign.uploadedBy,
  history: campaign.history.map((deed) => ({ ...deed, at: iso(deed.at) })),
  options: campaign.options,
  defaults: campaign.defaults,
  dialect: { ...campaign.dialect, samples: [...(head?.samples ?? [])] },
  unicode: head?.unicode,
  ignoredUploads: [...campaign.ignored],
});

function opening(end: CommittedCampaign["end"]): string {
  if (!end) return "Complete";
  switch (end.why) {
    case "done":
      return "Complete";
    case "cancelled":
      return end.by ? `Cancelled by ${end.by}` : "Cancelled";
    case "sendBefore":
      return "Ended because sendBefore passed";
    case "retention":
      return "Ended because its records were about to expire";
    default:
      return end.why satisfies never;
  }
}

const round = (value: number) => Number(value.toPrecision(4));
