import type { Campaign, CommittedCampaign } from "../shared/campaign/campaign.ts";
import { recentReasons } from "../shared/report/recent-reasons.ts";
import type { Summary } from "../shared/report/summary.ts";
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
  return liveOf(opened, await stack.older.whole(campaign), account, others, { tried: reasons });
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
