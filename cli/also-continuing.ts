import type { CommittedCampaign } from "../shared/campaign/campaign.ts";

/** A note for each campaign that a start goes on with besides the one called `name`; one that is paused goes on with no start. */
export const alsoContinuing = (unfinished: readonly CommittedCampaign[], name: string): readonly string[] =>
  unfinished
    .filter((other) => other.name !== name && other.state === "running")
    .map((other) => `${other.name}, which is not complete, continues as well.`);
