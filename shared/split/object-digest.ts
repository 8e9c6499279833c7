import { createHash } from "node:crypto";
import type { Bucket } from "../ports/bucket.ts";

/** SHA-256 of an object's bytes, in hexadecimal; of its newest version, if none is named. `undefined` when it is gone. */
export async function objectDigest(bucket: Bucket, key: string, version?: string): Promise<string | undefined> {
  const object = await bucket.get(key, version);
  if (object === undefined) return undefined;
  const digest = createHash("sha256");
  for await (const chunk of object.body) digest.update(chunk);
  return digest.digest("hex");
}
