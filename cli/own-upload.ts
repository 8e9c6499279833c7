import type { Campaign, CommittedCampaign } from "../shared/campaign/campaign.ts";
import { placeAmongJudged } from "../shared/campaign/judged-uploads.ts";
import { findUpload } from "../shared/split/find-upload.ts";
import type { Stack } from "./stack.ts";
import { unlessDenied } from "./upload-files.ts";

/** What became of one upload of a list, of several under its name. */
export type UploadFate =
  /** The campaign is made of it, or of an upload with the same content. */
  | { readonly kind: "own"; readonly campaign: CommittedCampaign }
  /** It waits to be judged. */
  | { readonly kind: "waiting" }
  /** It was refused; one sentence says why. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Another upload under the name took its place, and nothing is sent of it; a sentence says so. */
  | { readonly kind: "replaced"; readonly reason: string };

/** How often it is looked whether a list that was not judged yet is still there, in milliseconds. */
const lookEveryMs = 5_000;

/**
 * Tells what became of the upload with this version under the name, as often as it is asked. Where no version is named, whatever
 * campaign there is counts.
 */
export function createOwnUpload(
  { bucket, campaigns }: Pick<Stack, "bucket"> & { readonly campaigns: Pick<Stack["campaigns"], "read"> },
  name: string,
  version: string | undefined,
): (campaign: Campaign | undefined) => Promise<UploadFate> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  const isThere = async (newest: string) => {
    const found = await unlessDenied(findUpload(bucket, "campaign", name));
    return found === undefined || found.lists.some((list) => list.version === newest);
  };
  return async (campaign) => {
    if (version === undefined) return withoutVersion(campaign);
    const fate = fateInLedger(campaign, version);
    if (fate.kind !== "waiting" || Date.now() - lookedAt < lookEveryMs) return fate;
    lookedAt = Date.now();
    if (await isThere(version)) return fate;
    // It may have been judged, and replaced after that, since the ledger was read.
    const since = fateInLedger(await campaigns.read(name, { consistent: true }), version);
    return since.kind === "waiting" ? { kind: "replaced", reason: gone(name) } : since;
  };
}

const withoutVersion = (campaign: Campaign | undefined): UploadFate => {
  if (campaign === undefined) return { kind: "waiting" };
  return campaign.state === "refused" ? { kind: "refused", reason: campaign.reason } : { kind: "own", campaign };
};

function fateInLedger(campaign: Campaign | undefined, version: string): UploadFate {
  if (campaign === undefined) return { kind: "waiting" };
  const place = placeAmongJudged(campaign, version);
  if (campaign.state === "refused") {
    if (place === undefined) return { kind: "waiting" };
    const { name, judged, reason } = campaign;
    return { kind: "refused", reason: place === judged.length - 1 ? reason : refusedBefore(name, reason) };
  }
  const ignored = campaign.ignored.find((upload) => upload.version === version);
  if (ignored !== undefined) return { kind: "refused", reason: ignored.reason };
  if (version === campaign.csvVersion) return { kind: "own", campaign };
  if (place === undefined) return { kind: "waiting" };
  // What was judged after the campaign was made, and not ignored, has the same content; what was judged before was refused.
  const own = placeAmongJudged(campaign, campaign.csvVersion) ?? -1;
  return place > own ? { kind: "own", campaign } : { kind: "replaced", reason: ofAnother(campaign.name) };
}

const refusedBefore = (name: string, reason: string) =>
  `This list was refused, and so was what was uploaded as ${name} after it: ${reason}`;

const ofAnother = (name: string) =>
  `The campaign ${name} is of another list, which was uploaded under the same name; nothing is sent of this one. To send this one, too, give it another name.`;

const gone = (name: string) =>
  `Another list was uploaded as ${name} before this one was judged, or this one was removed; nothing is sent of it. To send it, give it another name.`;
