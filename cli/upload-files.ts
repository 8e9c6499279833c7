import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { Campaign } from "../shared/campaign/campaign.ts";
import type { Bucket } from "../shared/ports/bucket.ts";
import { optionsKey, reportKey, uploadKey } from "../shared/ports/bucket-layout.ts";
import { notSentFile } from "../shared/report/not-sent-file.ts";
import { findUpload } from "../shared/split/find-upload.ts";
import { optionsToCome } from "../shared/split/options-file.ts";
import { type CampaignFile, digestOf, flagsOfCommands, openCsv, type SayingMore } from "./campaign-file.ts";

type Committed = Exclude<Campaign, { state: "refused" }>;

/** Whether a file's name is already in use by a campaign. */
export type NameUse =
  /** Not in use: there was no such campaign, or its upload was refused. */
  | { readonly kind: "free" }
  /** In use by a campaign with the same content. */
  | { readonly kind: "same"; readonly campaign: Committed }
  /** In use by a campaign with other content. */
  | { readonly kind: "other"; readonly reason: string };

/** Compares the file's content with the campaign of the same name. */
export async function nameUse(
  file: CampaignFile,
  campaign: Campaign | undefined,
  says: Pick<SayingMore, "name"> = flagsOfCommands,
): Promise<NameUse> {
  if (campaign === undefined || campaign.state === "refused") return { kind: "free" };
  return (await digestOf(file.csv)) === campaign.digest
    ? { kind: "same", campaign }
    : { kind: "other", reason: otherContent(campaign, says) };
}

const otherContent = (campaign: Committed, says: Pick<SayingMore, "name">) =>
  `${campaign.name} has been sent before, with other content; give the corrected list another name with ${says.name}, or use ${reportKey(campaign.name, notSentFile(campaign))}.`;

/** A warning when the file's options are not those the campaign was planned with, which stay in force; else `undefined`. */
export function changedOptions(file: CampaignFile, campaign: Committed): string | undefined {
  if (!hasOtherOptions(file, campaign)) return undefined;
  return `${whatDiffers(file, campaign.name)}; that has no effect, the campaign keeps those.`;
}

/** Where the command line has other options than those of the campaign `name`. */
function whatDiffers({ csv, options }: CampaignFile, name: string): string {
  if (options === undefined) return `No options are beside ${csv}, but ${name} was planned with some`;
  const { file, given } = options;
  const places = [...(file === undefined ? [] : [file]), ...given];
  return `${places.join(" and ")} ${places.length === 1 ? "differs" : "differ"} from the options that ${name} was planned with`;
}

/** Whether the file's options mean something else than those the campaign was planned with. */
export const hasOtherOptions = ({ options }: CampaignFile, campaign: Pick<Committed, "options">): boolean =>
  !isDeepStrictEqual(asStored(options?.read ?? {}), asStored(campaign.options));

/** Without members that are `undefined`, which nothing that was stored has. */
const asStored = (options: object): unknown => JSON.parse(JSON.stringify(options));

/** The content types of lists, by their format. */
export const contentTypes: Readonly<Record<CampaignFile["format"], string>> = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** The content type of options. */
export const optionsType = "application/json; charset=utf-8";

/**
 * Uploads a campaign's options and list, the list as a stream, where nobody else uploads at the same time. Returns the list's
 * version.
 *
 * The options go first, because the splitter looks at a list as soon as it arrives. But where a refused upload has the
 * same name, or may have it, new options would be judged with that old list, and a new list by the old options; so there their place
 * is kept until the list has come. Options that are no longer there are replaced by empty ones.
 */
export async function uploadFiles(bucket: Bucket, file: CampaignFile): Promise<string> {
  const key = uploadKey(file.name, file.format);
  const putOptions = (text: string) => bucket.put(optionsKey(key), text, optionsType);
  const putList = () => bucket.put(key, openCsv(file.csv), contentTypes[file.format]);
  const found = await unlessDenied(findUpload(bucket, "campaign", file.name));
  const text = file.options?.text;
  if (found !== undefined && found.lists.length === 0) {
    if (text !== undefined || found.options.length > 0) await putOptions(text ?? noOptions);
    return putList();
  }
  await putOptions(optionsToCome);
  const version = await putList();
  await putOptions(text ?? noOptions);
  return version;
}

/** Options that say nothing, which take the place of others. */
export const noOptions = "{}\n";

/** `undefined` where AWS denies access: some people may upload and do nothing else. */
export async function unlessDenied<T>(asking: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (Denied.safeParse(error).success) return undefined;
    throw error;
  }
}

/** DynamoDB gives a name; S3's HEAD, whose response has no body, only a status. */
const Denied = z.union([
  z.object({ name: z.literal("AccessDeniedException") }),
  z.object({ $metadata: z.object({ httpStatusCode: z.literal(403) }) }),
]);
