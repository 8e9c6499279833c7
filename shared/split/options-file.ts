import type { Options } from "../campaign/options.ts";
import { readOptions } from "../csv/read-options.ts";
import { type Bucket, smallText } from "../ports/bucket.ts";
import { optionsKey } from "../ports/bucket-layout.ts";

/** The options uploaded beside a CSV. `version` is absent when there is no such file. */
export type OptionsFile =
  | { readonly kind: "options"; readonly options: Options; readonly version: string | undefined }
  | { readonly kind: "refused"; readonly reason: string; readonly version: string };

/** Reads the options that belong to the CSV with this key: the object of the same name ending in `.json`. */
export async function readOptionsFile(bucket: Bucket, csvKey: string): Promise<OptionsFile> {
  const key = optionsKey(csvKey);
  const head = await bucket.head(key);
  if (head === undefined) return { kind: "options", options: {}, version: undefined };
  const text = await smallText(bucket, key, head.version);
  if (text === undefined) return { kind: "options", options: {}, version: undefined };
  const read = readOptions(text);
  const file = key.split("/").at(-1) ?? key;
  return read.kind === "options"
    ? { ...read, version: head.version }
    : { kind: "refused", reason: `${file}: ${read.reason}`, version: head.version };
}
