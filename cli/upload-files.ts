import * as z from "zod";
import type { Campaign } from "../shared/campaign/campaign.ts";
import type { Bucket } from "../shared/ports/bucket.ts";
import { csvKey, optionsKey, reportFileNames, reportKey } from "../shared/ports/bucket-layout.ts";
import { type CampaignFile, digestOf, openCsv } from "./campaign-file.ts";

/** How a file stands to the campaign that has its name. */
export type Standing =
  /** The name is free: never used, or its upload was refused. */
  | { readonly kind: "free" }
  | { readonly kind: "same"; readonly campaign: Exclude<Campaign, { state: "refused" }> }
  /** The name belongs to other content. */
  | { readonly kind: "other"; readonly reason: string };

/** Compares the file's content with the campaign of that name. */
export async function standingOf(file: CampaignFile, campaign: Campaign | undefined): Promise<Standing> {
  if (campaign === undefined || campaign.state === "refused") return { kind: "free" };
  return (await digestOf(file.csv)) === campaign.digest
    ? { kind: "same", campaign }
    : { kind: "other", reason: otherContent(campaign.name) };
}

const otherContent = (name: string) =>
  `${name} has been sent before, with other content; give the corrected list another name with --name, or take ${reportKey(name, reportFileNames.notSent)}.`;

/** Whether the options differ from those the campaign was planned with. */
export const otherOptions = (file: CampaignFile, campaign: Exclude<Campaign, { state: "refused" }>): boolean =>
  JSON.stringify(sorted(file.options?.read ?? {})) !== JSON.stringify(sorted(campaign.options));

const sorted = (options: object) =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Uploads a campaign's options and CSV, the CSV as a stream. Returns the CSV's version.
 *
 * The options come first: a CSV is looked at as soon as it is there. But where a refused upload lies under the name,
 * new options would be judged with that old CSV, so there the CSV is replaced first (S3's events are acted on some
 * seconds later) and options that are no more are made empty.
 */
export async function uploadFiles(bucket: Bucket, file: CampaignFile): Promise<string> {
  const key = csvKey(file.name);
  const [oldCsv, oldOptions] = await Promise.all([
    unlessDenied(bucket.head(key)),
    unlessDenied(bucket.head(optionsKey(key))),
  ]);
  const text = file.options?.text ?? (oldOptions === undefined ? undefined : "{}\n");
  const putOptions = async () => {
    if (text !== undefined) await bucket.put(optionsKey(key), text, "application/json; charset=utf-8");
  };
  if (oldCsv === undefined) await putOptions();
  const version = await bucket.put(key, openCsv(file.csv), "text/csv");
  if (oldCsv !== undefined) await putOptions();
  return version;
}

/** `undefined` where AWS does not permit to look: some people may upload and no more. */
export async function unlessDenied<T>(asking: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (Denied.safeParse(error).success) return undefined;
    throw error;
  }
}

/** DynamoDB says it by name, S3's HEAD, which has no body to say anything in, by its status. */
const Denied = z.union([
  z.object({ name: z.literal("AccessDeniedException") }),
  z.object({ $metadata: z.object({ httpStatusCode: z.literal(403) }) }),
]);
