import type { Campaign, CommittedCampaign } from "./campaign.ts";
import type { CampaignEvent } from "./campaign-event.ts";

/** What the creation of a campaign's item is announced as; `seen` is the refusal that it replaces. Pure. */
export function eventsOfCreation(campaign: Campaign, seen: Campaign | undefined): readonly CampaignEvent[] {
  const at = laterThan(seen, campaign.createdAt);
  if (campaign.state === "refused") return [{ state: "refused", at, reason: campaign.reason }];
  const planned = { state: "planned", at } as const;
  if (campaign.state !== "paused" || campaign.pause?.code !== "approval") return [planned];
  return [planned, { state: "approval-needed", at: at + 1, reason: campaign.pause.reason, code: "approval" }];
}

/**
 * What a change of a campaign is announced as: nothing, unless it changes the campaign's state. Pure. It needs no clock,
 * because every change of state says when it was.
 */
export function eventsOfChange(campaign: CommittedCampaign, set: Partial<CommittedCampaign>): readonly CampaignEvent[] {
  const events: CampaignEvent[] = [];
  const add = (at: number | undefined, event: Omit<CampaignEvent, "at">) => {
    events.push({ ...event, at: laterThan(events.at(-1) ?? campaign, at ?? 0) });
  };
  if (set.started === true) add(campaign.tally.lastRecordAt ?? set.completedAt, { state: "started" });
  if (set.state === undefined || set.state === campaign.state) return events;
  if (set.state === "paused") add(set.pause?.at, { state: "paused", reason: set.pause?.reason, code: set.pause?.code });
  if (set.state === "running" && campaign.state === "paused") {
    add(set.passStartedAt, { state: "resumed", reason: set.approval === undefined ? undefined : "It was approved." });
  }
  if (set.state === "complete") add(set.reportedAt, { state: "complete", reason: campaign.end?.why });
  return events;
}

/**
 * What to set where calls are made of a campaign that is not announced as started: by its tallies, or in the end by its
 * report. To be set only while `started` is still as it is in `campaign`, or it is announced twice.
 */
export function startOf(
  { started, tally }: CommittedCampaign,
  totals?: CommittedCampaign["totals"],
): Pick<CommittedCampaign, "started"> {
  const { submitted, failed, unknown } = { ...tally, ...totals };
  return started !== true && submitted + failed + unknown > 0 ? { started: true } : {};
}

const laterThan = (before: Campaign | CampaignEvent | undefined, at: number): number => {
  const latest = before === undefined ? undefined : "at" in before ? before.at : before.latestEventAt;
  return latest === undefined ? at : Math.max(at, latest + 1);
};

/** Prefix of the attributes in which a campaign's item keeps its events until they were announced. */
export const eventPrefix = "event_";

/** The attribute of an event: in the order of events. Each has its own, because an attribute can be taken away unseen. */
export const eventAttribute = ({ at, state }: Pick<CampaignEvent, "at" | "state">): string =>
  `${eventPrefix}${String(at).padStart(15, "0")}_${state}`;
