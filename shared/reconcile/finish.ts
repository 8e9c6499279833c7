import { type Campaign, type CommittedCampaign, itemsExpireAt } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { startOf } from "../campaign/events.ts";
import type { OlderHistory } from "../campaign/older-history.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { CountOptOuts } from "../opt-outs/opt-out-count.ts";
import { PlanError, planHead, planRows } from "../plan/read-plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { planKeys, reportKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { finalSummary } from "../report/final-summary.ts";
import { reportPage } from "../report/page/report-page.ts";
import { writeReport } from "../report/write-report.ts";

/** What finishing depends on. */
export interface FinishDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "change" | "read">;
  readonly batches: Pick<Batches, "between">;
  readonly older: Pick<OlderHistory, "whole">;
  readonly clock: Pick<Clock, "now">;
  /** Absent where replies are not read. */
  readonly countOptOuts?: CountOptOuts;
}

/** The latest that a write of a campaign's plan can come after its report: a splitter runs for at most 15 minutes. */
const slowestWriteMs = 20 * 60_000;

/** A reporter runs for at most 15 minutes, and clocks differ: items that expire while it reads them. */
const longestReportMs = 20 * 60_000;

/**
 * Writes the report of a campaign whose end is written and whose claims are over, completes it, and removes its plan.
 * Run twice, or by two at once, it writes the same bytes. Returns the campaign as it then is, or `"claimed"` when a batch
 * was claimed meanwhile: that claim is given back soon, as the campaign is ending, and the report waits for it.
 * `readUntil` is the instant (epoch ms) up to which replies were read.
 */
export async function finish(
  deps: FinishDeps,
  campaign: CommittedCampaign,
  rate: number,
  readUntil?: number,
): Promise<CommittedCampaign | "claimed"> {
  try {
    return await report(deps, campaign, rate, readUntil);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    // A plan is removed under one reporter by another that has completed the campaign meanwhile.
    const now = newest(await deps.campaigns.read(campaign.name, { consistent: true }), campaign);
    if (now.state === "complete" && now.run === campaign.run) return now;
    throw error;
  }
}

async function report(
  { bucket, campaigns, batches, clock, older, countOptOuts }: FinishDeps,
  campaign: CommittedCampaign,
  rate: number,
  readUntil: number | undefined,
): Promise<CommittedCampaign | "claimed"> {
  const head = await planHead(bucket, campaign);
  // The instant of the end and not the clock's: a report written again must be the same.
  const completedAt = campaign.end?.at ?? campaign.createdAt;
  const forgotten = clock.now() > itemsExpireAt(campaign) - longestReportMs;
  const figures = await writeReport(
    { bucket },
    {
      campaign,
      head,
      rows: planRows(bucket, campaign),
      outcomes: outcomesOf(batches, campaign),
      completedAt,
      forgotten,
    },
  ).catch((error: unknown) => {
    if (error instanceof StillClaimed) return undefined;
    throw error;
  });
  if (figures === undefined) return "claimed";
  const people = await countOptOuts?.(campaign.createdAt, completedAt);
  const optOuts = people === undefined ? undefined : { people, readUntil };
  const summary = finalSummary(await older.whole(campaign), head, figures, rate, optOuts);
  // The summary first: once it says "complete", nobody shows the campaign as live any more.
  for (const { file, body, type } of campaignFiles(summary, reportPage(summary, figures)))
    await bucket.put(reportKey(campaign.name, file), body, type);
  const changed = await campaigns.change(
    campaign,
    { state: "ending" },
    {
      state: "complete",
      completedAt,
      reportedAt: clock.now(),
      totals: figures.counts,
      ...startOf(campaign, figures.counts),
    },
  );
  // Another reporter was faster, or the answer was lost.
  const now = changed ?? newest(await campaigns.read(campaign.name, { consistent: true }), campaign);
  if (now.state === "complete") await deleteAll(bucket, planKeys(campaign.name, campaign.run).prefix);
  return now;
}

/**
 * Removes what is left of a complete campaign's plan, and notes that it is gone for good: what an interrupted finish left
 * behind, and what a slow write of the splitter added after the plan had been removed.
 */
export async function tidy(
  { bucket, campaigns }: Pick<FinishDeps, "bucket" | "campaigns">,
  campaign: CommittedCampaign,
  now: number,
): Promise<void> {
  // Campaigns of older versions do not say when they were reported.
  const reportedAt = campaign.reportedAt ?? campaign.completedAt ?? now;
  if (campaign.cleaned === true || now - reportedAt <= slowestWriteMs) return;
  await deleteAll(bucket, planKeys(campaign.name, campaign.run).prefix);
  await campaigns.change(campaign, { state: "complete" }, { cleaned: true });
}

const newest = (read: Campaign | undefined, otherwise: CommittedCampaign): CommittedCampaign =>
  read === undefined || read.state === "refused" ? otherwise : read;

/** Ends the pass over the outcomes: a batch may still get more. */
class StillClaimed extends Error {}

async function* outcomesOf(
  batches: Pick<Batches, "between">,
  campaign: CommittedCampaign,
): AsyncGenerator<readonly Outcome[]> {
  if (campaign.lastBatch === 0) return;
  for await (const item of batches.between(campaign.name, 1, campaign.lastBatch)) {
    if (item.state === "claimed") throw new StillClaimed();
    yield item.outcomes;
  }
}

async function deleteAll(bucket: Bucket, prefix: string): Promise<void> {
  let keys: string[] = [];
  for await (const { key } of bucket.list(prefix)) {
    keys.push(key);
    if (keys.length === 1000) {
      await bucket.delete(keys);
      keys = [];
    }
  }
  if (keys.length > 0) await bucket.delete(keys);
}
