import { readUploadKey } from "../campaign/name.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";

/** The newest version of the CSV of a campaign or check, whatever the case of its extension; `undefined`: there is none. */
export async function findCsv(bucket: Bucket, of: "campaign" | "check", name: string): Promise<ObjectHead | undefined> {
  const folder = of === "check" ? folders.check : folders.campaigns;
  for await (const { key } of bucket.list(`${folder}${name}.`)) {
    const upload = readUploadKey(key);
    if (upload.kind === of && upload.name === name) return bucket.head(key);
  }
  return undefined;
}
