import { Campaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { remembering } from "../campaign/judged-uploads.ts";
import type { ListWarning } from "../plan/head.ts";
import type { Bucket } from "../ports/bucket.ts";
import { refusalKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Mail } from "../ports/mail.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { refusedPage } from "../report/page/refused-page.ts";
import { type Refusal, refusedSummary } from "../report/refused-summary.ts";
import { showPages } from "../report/show-pages.ts";

/** An upload that is refused as a whole. */
export interface RefusedUpload {
  readonly name: string;
  /** What is remembered of it as judged. */
  readonly judged: string;
  readonly by: string;
  /** One sentence: what is wrong, and what to do. */
  readonly reason: string;
  /** What had been noticed about the list until then. */
  readonly warnings?: readonly ListWarning[];
}

/** Refuses an upload; `seen` is what the ledger had under its name. */
export type Refuse = (upload: RefusedUpload, seen: Campaign | undefined) => Promise<void>;

/** Refusing: the reason is shown where the report would be, kept in the ledger, and mailed. The name stays free. */
export function createRefuse(deps: {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "create">;
  readonly mail: Mail;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}): Refuse {
  return async ({ name: uploaded, judged, by, reason, warnings }, seen) => {
    const name = seen?.name ?? uploaded;
    if (seen !== undefined && seen.state !== "refused") return;
    const now = deps.clock.now();
    // Shown first: once the item is written, nobody looks at this upload again.
    await reportRefusal(deps.bucket, { name, reason, at: now, uploadedBy: by, warnings });
    const item = Campaign.parse({
      name,
      state: "refused",
      reason,
      judged: remembering(seen?.judged, judged),
      judgedAt: now,
      uploadedBy: by,
      createdAt: now,
    });
    const created = await deps.campaigns.create(item, seen);
    if (created === undefined) return;
    deps.log.warn("An upload was refused.", { campaign: name });
    await deps.mail(
      `Refused: ${name}`,
      `Nothing of ${name} was sent: ${reason}\n\nFix it and upload it again; the name is still free.\n`,
    );
  };
}

/** Writes why an upload was refused where its report would be, as nothing was ever sent under that name. */
async function reportRefusal(bucket: Bucket, refusal: Refusal): Promise<void> {
  const summary = refusedSummary(refusal);
  await showPages(bucket, refusal.name, campaignFiles(summary, refusedPage(summary)));
}

/** Writes why an upload changed nothing beside the report of the campaign that has its name, never over it. */
export async function noteRefusal(bucket: Bucket, refusal: Refusal, version: string): Promise<void> {
  const key = refusalKey(refusal.name, version);
  await bucket.put(key, `${JSON.stringify(refusedSummary(refusal), null, 2)}\n`, "application/json; charset=utf-8");
}
