import type { Campaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { wasJudged } from "../campaign/judged-uploads.ts";
import { inNfc, readUploadKey } from "../campaign/name.ts";
import { UnreadableItem } from "../ledger/read-item.ts";
import type { Bucket } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import type { Enqueue } from "../ports/queue.ts";
import { missedUploadMessage } from "./upload-message.ts";
import type { UploadSearches } from "./upload-searches.ts";

/** What the search depends on. */
export interface MissedUploadsDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "read">;
  readonly searches: UploadSearches;
  readonly enqueueUploads: Enqueue;
  /** What belongs to an upload may come that much later, seconds. */
  readonly graceSeconds: number;
  readonly clock: Pick<Clock, "now">;
}

/**
 * S3 dates an object that came in parts by its first part, and after a day the bucket removes parts that were never put
 * together: what is older than that is older for good.
 */
const latePartsMs = 48 * 3600_000;

/**
 * Lists `campaigns/` for uploads that were never judged because their event was lost, and puts a message about each into
 * the uploads queue. Compares times first, so that a bucket full of old campaigns costs a listing and no more: `known`
 * campaigns are at hand, others are read only for objects of the last two days or since the oldest one not judged yet.
 * What was judged of a campaign whose item is `unreadable` cannot be known: it is left alone.
 */
export async function findMissedUploads(
  deps: MissedUploadsDeps,
  known: readonly Campaign[],
  unreadable: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { bucket, searches, enqueueUploads, clock } = deps;
  const read = createReading(deps, known, unreadable);
  const judgedBefore = await searches.judgedBefore();
  let openSince = clock.now() - latePartsMs;
  for await (const { key, modifiedAt } of bucket.list(folders.campaigns)) {
    const upload = readUploadKey(key);
    if (upload.kind !== "campaign" && upload.kind !== "options") continue;
    if (modifiedAt < judgedBefore) continue;
    const campaign = await read(upload.name);
    // Options without their campaign wait for it.
    if (campaign === undefined && upload.kind === "options") continue;
    if (campaign !== "unreadable") {
      if (campaign !== undefined && modifiedAt < campaign.judgedAt) continue;
      const head = await bucket.head(key);
      if (head === undefined || (campaign !== undefined && wasJudged(campaign, head.version))) continue;
      if (await searches.isDue(key, head.version)) {
        await enqueueUploads([missedUploadMessage(key, head.version)], deps.graceSeconds);
        await searches.announced(key, head.version);
      }
    }
    openSince = Math.min(openSince, modifiedAt);
  }
  await searches.remember(openSince);
}

/** Reads campaigns by name, each once. */
function createReading(
  { campaigns }: Pick<MissedUploadsDeps, "campaigns">,
  known: readonly Campaign[],
  unreadable: ReadonlySet<string>,
) {
  const seen = new Map<string, Campaign | "unreadable" | undefined>([
    ...[...unreadable].map((name) => [inNfc(name), "unreadable"] as const),
    ...known.map((campaign) => [inNfc(campaign.name), campaign] as const),
  ]);
  return async (name: string): Promise<Campaign | "unreadable" | undefined> => {
    if (!seen.has(name)) {
      const campaign = campaigns.read(name, { consistent: true });
      seen.set(
        name,
        await campaign.catch((error: unknown) => {
          if (error instanceof UnreadableItem) return "unreadable" as const;
          throw error;
        }),
      );
    }
    return seen.get(name);
  };
}
