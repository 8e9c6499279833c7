import type { Campaign } from "../campaign/campaign.ts";
import { readUploadKey } from "../campaign/name.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Enqueue } from "../ports/queue.ts";
import { foundMessage } from "./upload-message.ts";

/**
 * Lists `campaigns/` for uploads that were never judged, because their event was lost, and announces them. Knows an
 * upload by its time first, so that a bucket full of old campaigns costs a listing and no more. Of campaigns whose item
 * is `unreadable` nobody knows what was judged: they are left alone.
 */
export function createAnnounce({ bucket, enqueue }: { bucket: Bucket; enqueue: Enqueue }) {
  return async (campaigns: readonly Campaign[], unreadable: ReadonlySet<string> = new Set()): Promise<void> => {
    const known = new Map(campaigns.map((campaign) => [campaign.name, campaign]));
    for await (const { key, modifiedAt } of bucket.list("campaigns/")) {
      const upload = readUploadKey(key);
      if (upload.kind !== "campaign" && upload.kind !== "options") continue;
      if (unreadable.has(upload.name)) continue;
      const campaign = known.get(upload.name);
      // Options without their campaign wait for it.
      if (campaign === undefined ? upload.kind === "options" : modifiedAt < campaign.judgedAt) continue;
      const head = await bucket.head(key);
      if (head === undefined || campaign?.judged.some((pair) => pair.split("|").includes(head.version))) continue;
      await enqueue([foundMessage(key, head.version)]);
    }
  };
}
