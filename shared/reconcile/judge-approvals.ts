import { withEntries } from "../account/history.ts";
import type { Approval, Approvals } from "../campaign/approvals.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import { approveCampaign } from "../campaign/campaign-commands.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { principalOf, whyNotSomebodyElse } from "../campaign/identity.ts";
import { remembering } from "../campaign/judged-uploads.ts";
import type { Uploaders } from "../campaign/uploaders.ts";
import { optionsKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

/** What judging approvals depends on. */
export interface JudgeApprovalsDeps {
  readonly approvals: Pick<Approvals, "of">;
  readonly uploaders: Pick<Uploaders, "of">;
  readonly campaigns: Pick<Campaigns, "change">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** Whether a campaign waits for approval. */
export const waitsForApprover = (campaign: Campaign): campaign is CommittedCampaign =>
  campaign.state === "paused" && campaign.pause?.code === "approval";

/**
 * Lets a campaign that waits for approval go on once somebody has approved its plan who is not among those who uploaded
 * it, and notes on it why other approvals do not count. Returns the campaign as it then is.
 */
export async function judgeApprovals(
  deps: JudgeApprovalsDeps,
  campaign: CommittedCampaign,
): Promise<CommittedCampaign> {
  const { campaigns, clock, log } = deps;
  if (!waitsForApprover(campaign)) return campaign;
  let waiting = campaign;
  for await (const approval of deps.approvals.of(campaign.name)) {
    const id = idOf(approval);
    if (waiting.refusedApprovals?.includes(id)) continue;
    const by = principalOf(approval.approver);
    const why = await whyNot(deps, waiting, approval);
    if (why === undefined) {
      const decision = approveCampaign(approval.run)(waiting, by, clock.now());
      if (decision.kind === "refused") return waiting;
      const approved = await campaigns.change(waiting, unchanged(waiting), decision.set);
      if (approved !== undefined) log.info("A campaign was approved.", { campaign: campaign.name });
      return approved ?? waiting;
    }
    const set: Partial<CommittedCampaign> = {
      refusedApprovals: remembering(waiting.refusedApprovals, id),
      pause: waiting.pause && { ...waiting.pause, reason: `The approval by ${by} does not count: ${why}.` },
      history: withEntries(waiting.history, { what: "tried to approve", by, at: clock.now() }),
    };
    const noted = await campaigns.change(waiting, unchanged(waiting), set);
    // Somebody else changed it at this moment; the next look goes on.
    if (noted === undefined) return waiting;
    waiting = noted;
  }
  return waiting;
}

/** Cancelled, resumed or approved meanwhile: then nothing is changed. */
const unchanged = ({ state, pass }: CommittedCampaign) => ({ state, pass });

const idOf = ({ approver, run, at }: Approval) => `${approver.kind}/${approver.userId} ${run} ${at}`;

/** Why an approval does not count, to be put after a colon; `undefined` when it does. */
async function whyNot(
  { uploaders }: Pick<JudgeApprovalsDeps, "uploaders">,
  { run, csvKey, csvVersion, jsonVersion }: CommittedCampaign,
  approval: Approval,
): Promise<string | undefined> {
  if (approval.run !== run) return "it is of another upload than the one that would be sent";
  const uploads = [
    { key: csvKey, version: csvVersion },
    ...(jsonVersion === undefined ? [] : [{ key: optionsKey(csvKey), version: jsonVersion }]),
  ];
  for (const { key, version } of uploads) {
    const uploader = await uploaders.of(key, version);
    if (uploader === undefined) {
      return `S3 has not said who uploaded ${key}; approve it again in a minute, and if that does not help, cancel the campaign and have the list uploaded under another name`;
    }
    const why = whyNotSomebodyElse(uploader, approval.approver);
    if (why !== undefined) return `${why} (${key})`;
  }
  return undefined;
}
