import type { Version } from "./version.ts";

/** The versions of one bucket's objects, in memory. */
export interface BucketVersions {
  /** All versions of a key, newest first. */
  get(key: string): readonly Version[];
  /** Replaces the versions of a key; an empty list removes the key. */
  set(key: string, versions: readonly Version[]): void;
  /** Every key with a version that starts with `prefix` and comes after `after`, in S3's order. */
  keys(prefix: string, after: string): Iterable<string>;
  /** Every key with its versions, in no particular order. */
  entries(): Iterable<readonly [key: string, versions: readonly Version[]]>;
}

/** A bucket without objects. */
export function createBucketVersions(): BucketVersions {
  const byKey = new Map<string, readonly Version[]>();
  const sorted: string[] = [];
  return {
    get: (key) => byKey.get(key) ?? [],
    set: (key, versions) => {
      const at = lowerBound(sorted, key);
      const listed = sorted[at] === key;
      if (versions.length === 0) {
        byKey.delete(key);
        if (listed) sorted.splice(at, 1);
        return;
      }
      byKey.set(key, versions);
      if (!listed) sorted.splice(at, 0, key);
    },
    keys: function* (prefix, after) {
      const start = compareKeys(after, prefix) < 0 ? prefix : after;
      for (let at = lowerBound(sorted, start); at < sorted.length; at += 1) {
        const key = sorted[at];
        if (key === undefined || !key.startsWith(prefix)) return;
        if (key !== after) yield key;
      }
    },
    entries: () => byKey.entries(),
  };
}

/** S3 sorts keys by their UTF-8 bytes. */
export function compareKeys(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** The index of the first key that is not before `wanted`. */
function lowerBound(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key !== undefined && compareKeys(key, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
