import type { CommittedCampaign } from "../campaign/campaign.ts";
import { grouped, iso } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { explainEnd } from "./explain.ts";
import type { FinalFigures } from "./figures.ts";
import { nextSteps, simulationStep } from "./next-steps.ts";
import { type Summary, summaryVersion } from "./summary.ts";
import { accepter, costPart, problemsOf, simulatedText, uploadPart } from "./summary-parts.ts";
import { finalFiles } from "./written-files.ts";

/**
 * The summary of a campaign that is over. `rate` is the rate set for the account, in calls per second; `optOuts` is how
 * many people opted out while it was under way, and up to when (epoch ms) replies were read; never: `undefined`.
 */
export function finalSummary(
  campaign: CommittedCampaign,
  head: PlanHead,
  figures: FinalFigures,
  rate?: number,
  optOuts?: { readonly people: number; readonly readUntil: number | undefined },
): Summary {
  const { name, end, createdAt } = campaign;
  const { counts, rows, segments, reasons, firstCallAt, lastCallAt } = figures;
  return {
    schemaVersion: summaryVersion,
    name,
    state: "complete",
    stateText: simulatedText(
      `${opening(end)}: ${grouped(counts.submitted)} of ${grouped(rows)} accepted by ${accepter(campaign)}`,
      campaign,
    ),
    simulated: campaign.simulated,
    reason: end && explainEnd(end),
    rows,
    counts,
    remaining: 0,
    zones: campaign.zones?.filter(({ rows }) => rows > 0),
    segments: { total: segments.total, distribution: { ...segments.distribution } },
    cost: costPart(campaign.defaults.prices, campaign.countries, figures.countries),
    startedAt: firstCallAt === undefined ? undefined : iso(firstCallAt),
    endedAt: lastCallAt === undefined ? undefined : iso(lastCallAt),
    ended: end?.why,
    calls: figures.calls,
    rate: { set: rate, reached: figures.rateReached === undefined ? undefined : round(figures.rateReached) },
    answerMs: figures.answers,
    ...uploadPart(campaign, head),
    optedOut: optOuts?.people,
    repliesReadUntil: optOuts && readUntilBefore(optOuts.readUntil ?? createdAt, figures.completedAt),
    problems: problemsOf(reasons),
    files: finalFiles(counts, figures.workbooks),
    nextSteps: [
      ...(campaign.simulated ? [simulationStep] : []),
      ...nextSteps(name, counts, campaign.jsonVersion !== undefined, figures.workbooks),
    ],
    updatedAt: iso(figures.completedAt),
  };
}

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

/** Up to when replies were read, where that was before the end by more than the second that texts' times are told in. */
const readUntilBefore = (readUntil: number, endedAt: number) =>
  readUntil < endedAt - 1000 ? iso(readUntil) : undefined;

const round = (value: number) => Number(value.toPrecision(4));
