import { randomBytes } from "node:crypto";
import type { LifecycleRule } from "../template/resources.ts";
import type { BucketVersions } from "./bucket-versions.ts";
import type { Version } from "./version.ts";

const dayMs = 86_400_000;

/** Removes what a bucket's lifecycle rules say has expired by `now` (epoch milliseconds). */
export function expire(stored: BucketVersions, rules: readonly LifecycleRule[], versioned: boolean, now: number): void {
  for (const key of [...stored.keys("", "")]) {
    let versions = stored.get(key);
    for (const rule of rules) {
      if (key.startsWith(rule.prefix)) versions = expireVersions(versions, rule, versioned, now);
    }
    // A delete marker with no other version under it says nothing.
    stored.set(key, versions.length === 1 && versions[0]?.deleted === true ? [] : versions);
  }
}

function expireVersions(
  versions: readonly Version[],
  { expireDays, expireNoncurrentDays }: LifecycleRule,
  versioned: boolean,
  now: number,
): readonly Version[] {
  const [newest] = versions;
  if (newest === undefined) return versions;
  let left = versions;
  if (expireDays !== undefined && newest.deleted !== true && newest.modifiedAt < now - expireDays * dayMs) {
    left = versioned ? [deleteMarker(randomBytes(16).toString("hex"), now), ...versions] : [];
  }
  if (expireNoncurrentDays === undefined) return left;
  // A version has been noncurrent since the next newer one arrived.
  return left.filter((_, index) => {
    const newer = left[index - 1];
    return newer === undefined || newer.modifiedAt >= now - expireNoncurrentDays * dayMs;
  });
}

/** The version that hides an object's others in a versioned bucket. */
export function deleteMarker(versionId: string, modifiedAt: number): Version {
  return { versionId, etag: "", size: 0, modifiedAt, deleted: true, headers: {}, parts: [] };
}
