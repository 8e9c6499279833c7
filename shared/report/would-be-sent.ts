import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { PlanHead } from "../plan/head.ts";
import type { Summary } from "./summary.ts";

/** A campaign as it was planned, and its plan's head where it is known. */
export interface PlannedCampaign {
  readonly campaign: CommittedCampaign;
  readonly head: PlanHead | undefined;
}

/**
 * A campaign that waits for approval as it would be sent now: without the people whom the suppression lists leave out, who are among those
 * that its plan has. Any other campaign, and one whose plan does not say whom, stays as it is.
 */
export function asWouldBeSent({ campaign, head }: PlannedCampaign): PlannedCampaign {
  const { countries = [], left } = head?.preview ?? {};
  if (campaign.pause?.code !== "approval" || head === undefined || left === undefined) return { campaign, head };
  const { problem, distribution, warnings } = left;
  const segments = countries.reduce((sum, country) => sum + country.segments, 0);
  return {
    campaign: {
      ...campaign,
      sendable: countries.reduce((sum, { messages }) => sum + messages, 0),
      skipped: campaign.skipped + (problem?.count ?? 0),
      segments,
      countries:
        campaign.countries && Object.fromEntries(countries.map(({ country, ...figures }) => [country, figures])),
      zones: campaign.zones?.map((group, at) => ({ ...group, rows: left.zones?.[at] ?? 0 })),
    },
    head: {
      ...head,
      segments: { total: segments, distribution },
      warnings: [...warnings, ...(head.warnings ?? [])],
      problems: problem === undefined ? head.problems : [problem, ...head.problems],
    },
  };
}

/**
 * A live summary with the figures that the reporter wrote, where it waits for approval and both are about the same upload: the ledger alone does not
 * say who is left out.
 */
export function withWrittenFigures(live: Summary, written: Summary | undefined): Summary {
  const isSame = written?.countedAt !== undefined && written.approval?.plan === live.approval?.plan;
  if (live.pause?.code !== "approval" || !isSame) return live;
  const { stateText, counts, remaining, zones, segments, cost, countedAt, recipients, messages } = written;
  return { ...live, stateText, counts, remaining, zones, segments, cost, countedAt, recipients, messages };
}
