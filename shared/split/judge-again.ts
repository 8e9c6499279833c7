import { isDeepStrictEqual } from "node:util";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { judgedEntry, remembering } from "../campaign/judged-uploads.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { reportKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import { notSentFile } from "../report/not-sent-file.ts";
import { objectDigest } from "./object-digest.ts";
import type { OptionsFile } from "./options-file.ts";
import { noteRefusal } from "./refuse.ts";

/** What judging again depends on. */
export interface JudgeAgainDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "change">;
  readonly nudge: Enqueue;
  readonly clock: Pick<Clock, "now">;
}

/** An upload under a name: its CSV, its options, and who uploaded it. */
export interface JudgedUpload {
  readonly csv: ObjectHead;
  readonly file: OptionsFile;
  readonly by: string;
}

/**
 * Judges an upload under the name of a campaign that was committed before. It never changes the campaign: the same
 * content is only remembered, and anything else is refused in a note beside the campaign's report.
 */
export async function judgeAgain(
  deps: JudgeAgainDeps,
  campaign: CommittedCampaign,
  upload: JudgedUpload,
): Promise<void> {
  const { bucket, campaigns, clock } = deps;
  const ignored = await whyIgnored(bucket, campaign, upload);
  if (ignored !== undefined) {
    const { version, reason, nextStep } = ignored;
    const refusal = { name: campaign.name, reason, at: clock.now(), uploadedBy: upload.by, nextSteps: [nextStep] };
    await noteRefusal(bucket, refusal, version);
  }
  await campaigns.change(
    campaign,
    { state: campaign.state },
    {
      judged: remembering(campaign.judged, judgedEntry({ csv: upload.csv.version, json: upload.file.version })),
      judgedAt: clock.now(),
      ...(ignored === undefined
        ? {}
        : { ignored: remembering(campaign.ignored, { version: ignored.version, reason: ignored.reason }) }),
    },
  );
  if (ignored === undefined) await deps.nudge([nudgeBody({ kind: "look" })]);
}

/** Which object of the upload differs from the campaign's own, and what its owner is told; `undefined`: none does. */
async function whyIgnored(
  bucket: Bucket,
  campaign: CommittedCampaign,
  { csv, file }: JudgedUpload,
): Promise<{ readonly version: string; readonly reason: string; readonly nextStep: string } | undefined> {
  const { name } = campaign;
  const left = notSentFile(campaign);
  const sameCsv =
    csv.version === campaign.csvVersion || (await objectDigest(bucket, csv.key, csv.version)) === campaign.digest;
  if (!sameCsv) {
    return {
      version: csv.version,
      reason: `${name} has been sent before, with other content; give the corrected list another name, or upload ${reportKey(name, left)} under a new one.`,
      nextStep: `Upload the list under another name. To send only what is missing, fix ${left} and upload that under a new name.`,
    };
  }
  const sameOptions = file.kind === "options" && isDeepStrictEqual(file.options, campaign.options);
  if (file.version === undefined || file.version === campaign.jsonVersion || sameOptions) return undefined;
  return {
    version: file.version,
    reason: `${name} had been planned before these options came; it goes on with those it was planned with.`,
    nextStep: `To send with other options, cancel the campaign and upload its ${left} under a new name with the new options.`,
  };
}
