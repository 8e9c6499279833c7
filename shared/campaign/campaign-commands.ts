import { withEntries } from "../account/history.ts";
import type { CommittedCampaign } from "./campaign.ts";
import type { CommandResult } from "./command-result.ts";

/** What a command changes of a campaign and what the person is told, or why it is refused. Pure. */
export type CampaignDecision =
  | (CommandResult & { readonly kind: "granted"; readonly set: Partial<CommittedCampaign> })
  | (CommandResult & { readonly kind: "refused" });

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
        sentence: `${name} is paused.`,
        next: [{ to: "let it go on", words: ["resume", name] }],
      }
    : refused(name, state, "paused");

/** Resumes a paused campaign, unless it waits for approval. */
export const resumeCampaign: CampaignCommand = (campaign, by, now) => {
  const { name, state, history, pause } = campaign;
  if (state !== "paused") return refused(name, state, "resumed");
  if (pause?.code === "approval") {
    return {
      kind: "refused",
      sentence: `${name} waits for approval, which resuming does not replace.`,
      next: [{ to: "let it go on, as somebody else than who uploaded it", words: ["approve", name] }],
    };
  }
  return {
    kind: "granted",
    set: { ...goingOn(campaign, now), history: withEntries(history, { what: "resumed", by, at: now }) },
    sentence: `${name} goes on.`,
  };
};

/** Approves a campaign that waits for it, if its plan is still `run`, the one that was seen. */
export const approveCampaign =
  (run: string): CampaignCommand =>
  (campaign, by, now) => {
    const { name, state, history, pause } = campaign;
    if (state !== "paused" || pause?.code !== "approval") {
      return { kind: "refused", sentence: `${name} does not wait for approval.` };
    }
    if (run !== campaign.run) {
      return {
        kind: "refused",
        sentence: `${name} was uploaded again since you looked at it, so this approval does not count; look at it again and approve what it is now.`,
      };
    }
    return {
      kind: "granted",
      set: {
        ...goingOn(campaign, now),
        approval: { by, at: now },
        history: withEntries(history, { what: "approved", by, at: now }),
      },
      sentence: `${name} is approved.`,
    };
  };

/** What lets a paused campaign go on: the next pass begins at the first batch not done, with fresh patience. */
const goingOn = ({ pass, mark, markRows, tally }: CommittedCampaign, now: number) => ({
  state: "running" as const,
  pause: undefined,
  parked: undefined,
  pass: pass + 1,
  passStartedAt: now,
  pointer: mark,
  pointerRows: markRows,
  stalls: 0,
  tally: { ...tally, recentCalls: 0, recentFailed: 0 },
});

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
