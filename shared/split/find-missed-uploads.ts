import type { Campaign } from "../campaign/campaign.ts";
import { wasJudged } from "../campaign/judged-uploads.ts";
import { inNfc, readUploadKey } from "../campaign/name.ts";
import type { Bucket } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";
import type { Enqueue } from "../ports/queue.ts";
import { missedUploadMessage } from "./upload-message.ts";

/**
 * Lists `campaigns/` for uploads that were never judged because their event was lost, and puts a message about each into
 * the uploads queue. Compares times first, so that a bucket full of old campaigns costs a listing and no more. What was
 * judged of a campaign whose item is `unreadable` cannot be known: it is left alone.
 */
export async function findMissedUploads(
  { bucket, enqueueUploads }: { readonly bucket: Bucket; readonly enqueueUploads: Enqueue },
  campaigns: readonly Campaign[],
  unreadable: ReadonlySet<string> = new Set(),
): Promise<void> {
  const known = new Map(campaigns.map((campaign) => [inNfc(campaign.name), campaign]));
  const unreadableNames = new Set([...unreadable].map(inNfc));
  for await (const { key, modifiedAt } of bucket.list(folders.campaigns)) {
    const upload = readUploadKey(key);
    if (upload.kind !== "campaign" && upload.kind !== "options") continue;
    if (unreadableNames.has(upload.name)) continue;
    const campaign = known.get(upload.name);
    // Options without their campaign wait for it.
    if (campaign === undefined ? upload.kind === "options" : modifiedAt < campaign.judgedAt) continue;
    const head = await bucket.head(key);
    if (head === undefined || (campaign !== undefined && wasJudged(campaign, head.version))) continue;
    await enqueueUploads([missedUploadMessage(key, head.version)]);
  }
}
