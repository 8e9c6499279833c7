import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { BucketResource } from "../template/resources.ts";
import { type Blobs, openBlobs } from "./blobs.ts";
import { type BucketVersions, createBucketVersions } from "./bucket-versions.ts";
import { compactJournal, type JournalLine, openJournal, replayJournal } from "./journal.ts";
import { deleteMarker, expire } from "./lifecycle.ts";
import type { Version } from "./version.ts";

/** Objects and their versions in a directory. */
export interface ObjectStore extends Pick<Blobs, "receive" | "drop" | "read"> {
  /** Makes received content the newest version of an object. On disk when it returns. */
  put(bucket: string, key: string, content: Pick<Version, "etag" | "headers" | "parts" | "tags">): Promise<Version>;
  /** The newest version, which may be a delete marker, or the one asked for. */
  find(bucket: string, key: string, versionId?: string): Version | undefined;
  /** Deletes as S3 does: with a marker in a versioned bucket, else for good. Returns the marker. */
  remove(bucket: string, key: string): Promise<Version | undefined>;
  /** Deletes one version for good. */
  removeVersion(bucket: string, key: string, versionId: string): Promise<void>;
  /** The newest versions of objects that are not deleted, after a key, in key order. */
  list(bucket: string, prefix: string, after: string): Iterable<{ readonly key: string; readonly version: Version }>;
  /** All versions of a key, newest first. */
  versions(bucket: string, key: string): readonly Version[];
  /** Every key after a key that has versions or markers, in order. */
  keys(bucket: string, prefix: string, after: string): Iterable<string>;
  close(): void;
}

/**
 * Opens the object store of a data directory. Contents are files of their own that never change; a journal says which
 * object they belong to. The journal's line is the commit: content without one belongs to no object and is removed at
 * the next start; a last line cut short by a crash was never acknowledged. What has expired by the buckets' lifecycle
 * rules is removed at the start. Received content that does not become an object must be dropped.
 */
export async function openObjectStore(
  directory: string,
  buckets: readonly Pick<BucketResource, "name" | "versioned" | "lifecycle">[],
  now: () => number = Date.now,
): Promise<ObjectStore> {
  const blobs = await openBlobs(join(directory, "blobs"));
  const journalFile = join(directory, "journal.ndjson");
  const stored = await recover(journalFile, buckets, now());
  await blobs.keepOnly(blobsOf([...stored.values()]));
  const journal = openJournal(journalFile);
  const versioned = new Set(buckets.filter((bucket) => bucket.versioned).map((bucket) => bucket.name));

  let lastTime = 0;
  /** Never goes back, so that times agree with the order of versions. */
  const tick = () => {
    lastTime = Math.max(lastTime, now());
    return lastTime;
  };
  const commit = async (line: JournalLine): Promise<void> => {
    journal.append(line);
    await blobs.drop(applyLine(stored, line));
  };
  const versionIdFor = (bucket: string) => (versioned.has(bucket) ? randomBytes(16).toString("hex") : "null");
  const storedIn = (bucket: string): BucketVersions => {
    const versions = stored.get(bucket);
    if (versions === undefined) throw new Error(`There is no bucket ${bucket}.`);
    return versions;
  };
  const find = (bucket: string, key: string, versionId?: string): Version | undefined => {
    const versions = storedIn(bucket).get(key);
    return versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  };

  return {
    receive: blobs.receive,
    drop: blobs.drop,
    read: blobs.read,
    put: async (bucket, key, content) => {
      storedIn(bucket);
      const size = content.parts.reduce((sum, part) => sum + part.size, 0);
      const put: Version = { ...content, versionId: versionIdFor(bucket), size, modifiedAt: tick() };
      await commit({ bucket, key, put });
      return put;
    },
    find,
    remove: async (bucket, key) => {
      if (!versioned.has(bucket)) {
        if (find(bucket, key) !== undefined) await commit({ bucket, key, remove: "null" });
        return undefined;
      }
      const marker = deleteMarker(versionIdFor(bucket), tick());
      await commit({ bucket, key, put: marker });
      return marker;
    },
    removeVersion: async (bucket, key, versionId) => {
      if (find(bucket, key, versionId) !== undefined) await commit({ bucket, key, remove: versionId });
    },
    list: function* (bucket, prefix, after) {
      const versions = storedIn(bucket);
      for (const key of versions.keys(prefix, after)) {
        const [version] = versions.get(key);
        if (version !== undefined && version.deleted !== true) yield { key, version };
      }
    },
    versions: (bucket, key) => storedIn(bucket).get(key),
    keys: (bucket, prefix, after) => storedIn(bucket).keys(prefix, after),
    close: journal.close,
  };
}

/** Reads the journal, removes what has expired, and writes the journal again with what is left. */
async function recover(
  journalFile: string,
  buckets: readonly Pick<BucketResource, "name" | "versioned" | "lifecycle">[],
  now: number,
): Promise<ReadonlyMap<string, BucketVersions>> {
  const stored = new Map(buckets.map((bucket) => [bucket.name, createBucketVersions()]));
  await replayJournal(journalFile, (line) => applyLine(stored, line));
  for (const bucket of buckets) {
    const versions = stored.get(bucket.name);
    if (versions !== undefined) expire(versions, bucket.lifecycle, bucket.versioned, now);
  }
  await compactJournal(journalFile, stored);
  return stored;
}

/** Applies a change and returns the blobs that no version needs any more. */
function applyLine(stored: ReadonlyMap<string, BucketVersions>, line: JournalLine): readonly string[] {
  const bucket = stored.get(line.bucket);
  if (bucket === undefined) return [];
  const before = bucket.get(line.key);
  const after =
    "remove" in line
      ? before.filter((version) => version.versionId !== line.remove)
      : [line.put, ...before.filter((version) => version.versionId !== line.put.versionId)];
  bucket.set(line.key, after);
  const kept = new Set(after);
  return before.filter((version) => !kept.has(version)).flatMap((version) => version.parts.map((part) => part.blob));
}

function blobsOf(buckets: readonly BucketVersions[]): ReadonlySet<string> {
  const versions = buckets.flatMap((bucket) => [...bucket.entries()].flatMap(([, entry]) => entry));
  return new Set(versions.flatMap((version) => version.parts.map((part) => part.blob)));
}
