import { withEntries } from "../account/history.ts";
import type { CommittedCampaign } from "./campaign.ts";

/** What a command changes of a campaign and what the person is told, or why it is refused. Pure. */
export type CampaignDecision =
  | { readonly kind: "granted"; readonly set: Partial<CommittedCampaign>; readonly sentence: string }
  | { readonly kind: "refused"; readonly sentence: string };

/** Decides a command that `by` gives at `now`. */
export type CampaignCommand = (campaign: CommittedCampaign, by: string, now: number) => CampaignDecision;

/** Pauses a running campaign. */
export const pauseCampaign: CampaignCommand = ({ name, state, history }, by, now) =>
  state === "running"
    ? {
        kind: "granted",
        set: {
          state: "paused",
          pause: { code: "person", reason: `Paused by ${by}.`, at: now, by },
          history: withEntries(history, { what: "paused", by, at: now }),
        },
        sentence: `${name} is paused. bulk-send resume ${name} lets it go on.`,
      }
    : refused(name, state, "paused");

/** Resumes a paused campaign: the next pass begins at the first batch not done, with fresh patience. */
export const resumeCampaign: CampaignCommand = ({ name, state, history, pass, mark, markRows, tally }, by, now) =>
  state === "paused"
    ? {
        kind: "granted",
        set: {
          state: "running",
          pause: undefined,
          parked: undefined,
          pass: pass + 1,
          passStartedAt: now,
          pointer: mark,
          pointerRows: markRows,
          stalls: 0,
          tally: { ...tally, recentCalls: 0, recentFailed: 0 },
          history: withEntries(history, { what: "resumed", by, at: now }),
        },
        sentence: `${name} goes on.`,
      }
    : refused(name, state, "resumed");

/** Cancels a campaign that is not over. */
export const cancelCampaign: CampaignCommand = ({ name, state, history }, by, now) =>
  state === "running" || state === "paused"
    ? {
        kind: "granted",
        set: {
          state: "ending",
          end: { why: "cancelled", at: now, by },
          pause: undefined,
          parked: undefined,
          history: withEntries(history, { what: "cancelled", by, at: now }),
        },
        sentence: `${name} is cancelled: what was not sent stays unsent. The report is being written.`,
      }
    : refused(name, state, "cancelled");

const refused = (name: string, state: CommittedCampaign["state"], what: string): CampaignDecision => ({
  kind: "refused",
  sentence: `${name} is ${state}; it cannot be ${what}.`,
});
