import * as z from "zod";
import { type Bucket, smallObject } from "../ports/bucket.ts";
import { reportKey } from "../ports/bucket-layout.ts";
import { readJson } from "../read-json.ts";
import type { ReportFile } from "./campaign-files.ts";

const Complete = z.looseObject({ state: z.literal("complete") });

/**
 * Stores the pages of a campaign that is not complete, unless `isShown` accepts the stored summary as it is. Never
 * overwrites the final pages, however late this writer is: whoever finishes a campaign writes its summary first. So if
 * the summary could be replaced, the page seen before that was not the final one either, and it is replaced only if it
 * is still the same.
 */
export async function showPages(
  bucket: Bucket,
  name: string,
  [summary, page]: readonly [summary: ReportFile, page: ReportFile],
  isShown: (stored: unknown) => boolean = () => false,
): Promise<void> {
  const key = reportKey(name, summary.file);
  const found = await smallObject(bucket, key);
  const stored = found && readJson(found.text);
  if (Complete.safeParse(stored).success || isShown(stored)) return;
  const pageKey = reportKey(name, page.file);
  const foundPage = await bucket.head(pageKey);
  if (await bucket.replace(key, found?.tag, summary.body, summary.type)) {
    await bucket.replace(pageKey, foundPage?.tag, page.body, page.type);
  }
}
