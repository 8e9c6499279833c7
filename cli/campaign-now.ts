import type { Campaign, CommittedCampaign } from "../shared/campaign/campaign.ts";
import { smallText } from "../shared/ports/bucket.ts";
import { reportFileNames, reportKey } from "../shared/ports/bucket-layout.ts";
import { readJson } from "../shared/read-json.ts";
import { recentReasons } from "../shared/report/recent-reasons.ts";
import { Summary } from "../shared/report/summary.ts";
import { withWrittenFigures } from "../shared/report/would-be-sent.ts";
import { findUpload } from "../shared/split/find-upload.ts";
import { liveOf } from "./follow-campaign.ts";
import { readFinalSummary } from "./report-files.ts";
import type { Stack } from "./stack.ts";
import type { OpenStack } from "./target.ts";

/**
 * A campaign in figures and in words, as it stands: that of its report when it is complete, else what the ledger knows. Throws a
 * Failure when it is complete and its report has expired.
 */
export async function summaryNow(
  opened: Pick<OpenStack, "stack" | "words">,
  campaign: CommittedCampaign,
): Promise<Summary> {
  const { stack } = opened;
  if (campaign.state === "complete") return readFinalSummary(stack.bucket, campaign.name);
  const account = await stack.account.read();
  const others = (await unfinishedCampaigns(stack)).filter((other) => other.name !== campaign.name);
  const reasons = await recentReasons(stack.batches, campaign);
  return asShown(stack, liveOf(opened, await stack.older.whole(campaign), account, others, { tried: reasons }));
}

/** A live summary; of a campaign that waits for approval with the figures that the reporter has written. */
export async function asShown({ bucket }: Stack, live: Summary): Promise<Summary> {
  if (live.pause?.code !== "approval") return live;
  const text = await smallText(bucket, reportKey(live.name, reportFileNames.summary));
  return withWrittenFigures(live, Summary.safeParse(text === undefined ? undefined : readJson(text)).data);
}

/** The campaigns that are neither complete nor refused. */
export async function unfinishedCampaigns({ campaigns }: Stack): Promise<readonly Campaign[]> {
  const found: Campaign[] = [];
  for await (const campaign of campaigns.all(() => {})) {
    if (campaign.state !== "complete" && campaign.state !== "refused") found.push(campaign);
  }
  return found;
}

/** Whether there is a list of this name: a stack on AWS leaves it alone for some seconds, for its options may follow. */
export const isUploaded = async ({ bucket }: Stack, name: string): Promise<boolean> =>
  (await findUpload(bucket, "campaign", name)).lists.length > 0;
