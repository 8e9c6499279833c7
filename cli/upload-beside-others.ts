import { isDeepStrictEqual } from "node:util";
import { csvWasJudged, wasJudged } from "../shared/campaign/judged-uploads.ts";
import { readOptions } from "../shared/csv/read-options.ts";
import { type Bucket, type ObjectHead, smallObject } from "../shared/ports/bucket.ts";
import { optionsKey, uploadKey } from "../shared/ports/bucket-layout.ts";
import { type FoundUpload, findUpload } from "../shared/split/find-upload.ts";
import { objectDigest } from "../shared/split/object-digest.ts";
import { areToCome, optionsToCome, readOptionsFile } from "../shared/split/options-file.ts";
import { type CampaignFile, digestOf, openCsv, type SayingMore } from "./campaign-file.ts";
import { Failure, Refused } from "./exit.ts";
import { contentTypes, noOptions, optionsType, unlessDenied, uploadFiles } from "./upload-files.ts";

/** A list that is uploaded under a free name. */
export interface UnderFreeName {
  readonly bucket: Bucket;
  readonly file: CampaignFile;
  /** What was judged under the name, as the ledger has it. */
  readonly judged: readonly string[];
  readonly says: Pick<SayingMore, "name">;
  /** Ends the reading of the list with an exception, so that it is not stored. */
  readonly signal?: AbortSignal;
}

/** A list that is there by now. */
export interface Arrived {
  /** False where exactly this list was there already, with these options. */
  readonly uploaded: boolean;
  readonly version: string;
}

/**
 * Uploads a list and its options under a free name where others may do the same at this moment: nobody's list takes the place of one
 * that was not judged yet, or is sent by somebody else's options. Throws a Refused, with nothing uploaded, where another list
 * has the name.
 *
 * Under a new name the options go first, and only where there are none: who has stored them has the name, so there are always some.
 * Where a list of this name was refused before, the place of the options is kept first, as in `uploadFiles`, and who replaces the list has the name.
 * People who may upload and not look cannot be told of others: theirs goes as if nobody else were there.
 */
export async function uploadBesideOthers(upload: UnderFreeName): Promise<Arrived> {
  const { bucket, file, judged } = upload;
  const found = await unlessDenied(findUpload(bucket, "campaign", file.name));
  if (found === undefined) return { uploaded: true, version: await uploadFiles(bucket, file) };
  const waiting = found.lists.filter(({ version }) => !csvWasJudged({ judged }, version));
  if (waiting.length > 0) return alreadyThere(upload, { ...found, lists: waiting });
  const version = found.lists.length === 0 ? await asNew(upload, found) : await asCorrected(upload, found);
  return { uploaded: true, version };
}

/** What waits to be judged under the name, if it is this very list with these options. Throws a Refused if it is not. */
async function alreadyThere(upload: UnderFreeName, { lists, options }: FoundUpload): Promise<Arrived> {
  const { bucket, file, judged } = upload;
  const unless = `It is sent unless it is refused. Nothing was uploaded now; ${anotherName(upload)}, or wait until it is judged.`;
  const [list] = lists;
  if (list === undefined || lists.length > 1 || (await objectDigest(bucket, list.key)) !== (await digestOf(file.csv))) {
    throw new Refused(`Another list was uploaded as ${file.name} and has not been judged yet. ${unless}`);
  }
  // Where a list is corrected its options come after it, in place of none or of older ones.
  const haveToCome = options.every(({ version }) => wasJudged({ judged }, version));
  if (haveToCome || !(await sayTheSame(bucket, options, file))) {
    throw new Refused(
      `This list was uploaded as ${file.name} with other options, or with options yet to come, and has not been judged yet. ${unless}`,
    );
  }
  return { uploaded: false, version: list.version };
}

async function asNew(upload: UnderFreeName, { options }: FoundUpload): Promise<string> {
  const { bucket, file, judged } = upload;
  const key = uploadKey(file.name, file.format);
  const there = options.find((one) => one.key === optionsKey(key));
  const isLeft = there !== undefined && wasJudged({ judged }, there.version);
  const stored =
    (there === undefined || isLeft) &&
    (await bucket.replace(optionsKey(key), there?.tag, file.options?.text ?? noOptions, optionsType));
  if (!stored && !(await optionsAre(bucket, optionsKey(key), file))) {
    throw new Refused(
      `Options of another upload are there as ${optionsKey(key)}; its list may be on its way. Nothing was uploaded; ${anotherName(upload)}, or remove that object if nobody uploads the list any more.`,
    );
  }
  return storeList(upload, key, undefined);
}

/**
 * Until the list has come, its options' place is kept: neither the old list with the new options nor, where this ends between
 * the two, the new list with the old options is sent. Several may keep it; who replaces the list has the name.
 */
async function asCorrected(upload: UnderFreeName, { lists, options }: FoundUpload): Promise<string> {
  const { bucket, file } = upload;
  const key = uploadKey(file.name, file.format);
  const old = options.find((one) => one.key === optionsKey(key));
  await bucket.replace(optionsKey(key), old?.tag, optionsToCome, optionsType);
  const kept = await smallObject(bucket, optionsKey(key));
  if (kept === undefined || !areToCome(kept.text)) throw new Refused(sameMoment(upload));
  const version = await storeList(upload, key, lists.find((one) => one.key === key)?.tag);
  const text = file.options?.text ?? noOptions;
  const stored = await bucket.replace(optionsKey(key), kept.tag, text, optionsType);
  if (stored === undefined && !(await optionsAre(bucket, optionsKey(key), file))) {
    throw new Failure(
      `The list was uploaded as ${file.name}, but somebody else stored other options for it at the same moment, by which it may be sent: look at it now.`,
    );
  }
  return version;
}

/** Stores the list in place of the one with this tag. Throws a Refused where other content came meanwhile. */
async function storeList(upload: UnderFreeName, key: string, tag: string | undefined): Promise<string> {
  const { bucket, file, signal } = upload;
  const stored = await bucket.replace(key, tag, openCsv(file.csv, signal), contentTypes[file.format]);
  if (stored !== undefined) return stored;
  // An answer that was lost and asked for again finds what it stored itself.
  const there = await bucket.head(key);
  if (there !== undefined && (await objectDigest(bucket, key, there.version)) === (await digestOf(file.csv))) {
    return there.version;
  }
  throw new Refused(sameMoment(upload));
}

const sameMoment = (upload: UnderFreeName) =>
  `Another list was uploaded as ${upload.file.name} at the same moment. This one was not uploaded; ${anotherName(upload)}.`;

/** Whether the options that are there by now mean what the file's do. */
async function optionsAre(bucket: Bucket, key: string, file: CampaignFile): Promise<boolean> {
  const head = await bucket.head(key);
  return sayTheSame(bucket, head === undefined ? [] : [head], file);
}

async function sayTheSame(bucket: Bucket, there: readonly ObjectHead[], { options }: CampaignFile): Promise<boolean> {
  const found = await readOptionsFile(bucket, there);
  const own = readOptions(options?.text ?? noOptions);
  return found.kind === "options" && own.kind === "options" && isDeepStrictEqual(found.options, own.options);
}

const anotherName = ({ says }: UnderFreeName) => `give this list another name with ${says.name}`;
