import * as z from "zod";
import { bounds } from "../bounds.ts";
import { joinedVersions } from "../campaign/judged-uploads.ts";
import type { Options } from "../campaign/options.ts";
import { optionsTooLarge, readOptions } from "../csv/read-options.ts";
import { type Bucket, type ObjectHead, smallText } from "../ports/bucket.ts";
import { jsonOf } from "../read-json.ts";

/** The options uploaded beside a list. `version` is absent when there is no such file. */
export type OptionsFile =
  | { readonly kind: "options"; readonly options: Options; readonly version: string | undefined }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly version: string;
      /** They only keep the place of options that come after their list. */
      readonly toCome?: true;
    };

/**
 * What keeps the place of a list's options until the list has come that they belong to: with it nothing is sent, neither a
 * list that was there before nor one whose upload broke off. Versions that do not know it refuse it as an unknown option.
 */
export const optionsToCome = '{"optionsToCome":true}\n';

/** Whether options only keep the place of others, however the program that stored them writes JSON. */
export const areToCome = (text: string): boolean => ToCome.safeParse(text.replace(/^\ufeff+/, "")).success;

const ToCome = jsonOf(z.strictObject({ optionsToCome: z.literal(true) }));

const brokenOff =
  "The upload was broken off before its list and options had both come, so nothing was sent. Upload the list again, with its options.";

/** Reads the options that were uploaded with a list, of which there may be one file. */
export async function readOptionsFile(bucket: Bucket, files: readonly ObjectHead[]): Promise<OptionsFile> {
  const [head] = files;
  if (head === undefined) return { kind: "options", options: {}, version: undefined };
  const { key, version, size } = head;
  if (files.length > 1) {
    const version = joinedVersions(files.map((file) => file.version));
    const reason = `There are ${files.length} files with options for this list: ${namesOf(files)}. Which is meant cannot be known; remove all but one, or upload list and options under another name.`;
    return { kind: "refused", reason, version };
  }
  const text = size > bounds.optionsBytes ? undefined : await smallText(bucket, key, version);
  if (text === undefined && size <= bounds.optionsBytes) return { kind: "options", options: {}, version: undefined };
  if (text !== undefined && areToCome(text)) return { kind: "refused", reason: brokenOff, version, toCome: true };
  const reading = text === undefined ? optionsTooLarge : readOptions(text);
  return reading.kind === "options"
    ? { ...reading, version }
    : { kind: "refused", reason: `${fileName(key)}: ${reading.reason}`, version };
}

/** The files' names, for a sentence. */
export const namesOf = (files: readonly ObjectHead[]): string =>
  files
    .map(({ key }) => fileName(key))
    .sort()
    .join(" and ");

const fileName = (key: string) => key.slice(key.lastIndexOf("/") + 1);
