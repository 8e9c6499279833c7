import { readUploadKey } from "../campaign/name.ts";
import type { Bucket, ListedObject, ObjectHead } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";

/**
 * The newest version of the list of a campaign or check, whatever its ending and the case of that; `undefined`: there is
 * none. Of lists stored within the same second it is `preferred`, where that is one of them.
 */
export async function findCsv(
  bucket: Bucket,
  of: "campaign" | "check",
  name: string,
  preferred?: string,
): Promise<ObjectHead | undefined> {
  const folder = of === "check" ? folders.check : folders.campaigns;
  let newest: ListedObject | undefined;
  for await (const object of bucket.list(`${folder}${name}.`)) {
    const upload = readUploadKey(object.key);
    if (upload.kind !== of || upload.name !== name) continue;
    const ahead = object.modifiedAt - (newest?.modifiedAt ?? Number.NEGATIVE_INFINITY);
    if (ahead > 0 || (ahead === 0 && object.key === preferred)) newest = object;
  }
  return newest && bucket.head(newest.key);
}
