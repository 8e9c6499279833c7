import { reportKey } from "../campaign/name.ts";
import type { Bucket } from "../ports/bucket.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { refusedPage } from "../report/page/refused-page.ts";
import { type Refusal, refusedSummary } from "../report/refused-summary.ts";
import { showPages } from "../report/show-pages.ts";

/** Writes why an upload was refused where its report would be, as nothing was ever sent under that name. */
export async function reportRefusal(bucket: Bucket, refusal: Refusal): Promise<void> {
  const summary = refusedSummary(refusal);
  await showPages(bucket, refusal.name, campaignFiles(summary, refusedPage(summary)));
}

/** Writes why an upload changed nothing beside the report of the campaign that has its name, never over it. */
export async function noteRefusal(bucket: Bucket, refusal: Refusal, version: string): Promise<void> {
  const key = reportKey(refusal.name, `refused-${version}.json`);
  await bucket.put(key, `${JSON.stringify(refusedSummary(refusal), null, 2)}\n`, "application/json; charset=utf-8");
}
