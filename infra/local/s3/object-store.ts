import { createHash, randomBytes } from "node:crypto";
import { closeSync, createReadStream, createWriteStream, openSync, writeSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import type { BucketResource, LifecycleRule } from "../template/resources.ts";

const Part = z.object({ blob: z.string(), size: z.number() });

const Version = z.object({
  versionId: z.string(),
  /** Without the quotes that HTTP puts around it. */
  etag: z.string(),
  size: z.number(),
  /** Epoch milliseconds. */
  modifiedAt: z.number(),
  /** Set in place of content where a versioned object was deleted. */
  deleted: z.literal(true).optional(),
  /** Headers to answer reads with: content type, encoding, `x-amz-meta-…`. */
  headers: z.record(z.string(), z.string()),
  parts: z.array(Part),
});

/** One version of an object: what is known of it, and the files its content is in. */
export type Version = z.infer<typeof Version>;

/** Content already on disk that belongs to no object yet. */
export interface Blob {
  readonly blob: string;
  readonly size: number;
  readonly md5: string;
}

const JournalLine = z.union([
  z.object({ bucket: z.string(), key: z.string(), put: Version }),
  z.object({ bucket: z.string(), key: z.string(), remove: z.string() }),
]);
type JournalLine = z.infer<typeof JournalLine>;

interface Stored {
  readonly versions: Map<string, Version[]>;
  /** Every key with a version, in S3's order. */
  readonly keys: string[];
}

/** Objects and their versions in a directory. */
export interface ObjectStore {
  /** Writes a stream to disk; what is not made an object afterwards must be dropped. */
  receive(body: AsyncIterable<Uint8Array>): Promise<Blob>;
  drop(blobs: readonly string[]): Promise<void>;
  /** Makes received content the newest version of an object. On disk when it returns. */
  put(bucket: string, key: string, content: Pick<Version, "etag" | "headers" | "parts">): Promise<Version>;
  /** The newest version, which may be a delete marker, or the one asked for. */
  find(bucket: string, key: string, versionId?: string): Version | undefined;
  /** A part of a version's content, `end` inclusive. */
  read(version: Version, start: number, end: number): Readable;
  /** Deletes as S3 does: a marker in a versioned bucket, else the object. Returns the marker. */
  remove(bucket: string, key: string): Promise<Version | undefined>;
  /** Deletes one version for good. */
  removeVersion(bucket: string, key: string, versionId: string): Promise<void>;
  /** Newest versions of undeleted objects after a key, in key order. */
  list(bucket: string, prefix: string, after: string): Iterable<{ readonly key: string; readonly version: Version }>;
  /** All versions of a key, newest first. */
  versions(bucket: string, key: string): readonly Version[];
  /** Every key that has versions or markers, in order. */
  keys(bucket: string, prefix: string): Iterable<string>;
  close(): void;
}

/**
 * Opens the object store of a data directory. Contents are files of their own, never changed; a journal says which
 * object they are. The journal's line is the commit: a file without one is nobody's and is removed at the next start,
 * a last line cut short by a crash was never acknowledged. What the buckets' lifecycle rules let go goes at the start.
 */
export async function openObjectStore(
  directory: string,
  buckets: readonly Pick<BucketResource, "name" | "versioned" | "lifecycle">[],
  now: () => number = Date.now,
): Promise<ObjectStore> {
  const blobDirectory = join(directory, "blobs");
  await mkdir(blobDirectory, { recursive: true, mode: 0o700 });
  const state = new Map<string, Stored>(buckets.map((bucket) => [bucket.name, { versions: new Map(), keys: [] }]));
  const versioned = new Set(buckets.filter((bucket) => bucket.versioned).map((bucket) => bucket.name));
  const journalFile = join(directory, "journal.ndjson");

  const apply = (line: JournalLine): readonly string[] => {
    const stored = state.get(line.bucket);
    if (stored === undefined) return [];
    const before = stored.versions.get(line.key) ?? [];
    let after: Version[];
    if ("remove" in line) after = before.filter((version) => version.versionId !== line.remove);
    else after = [line.put, ...before.filter((version) => version.versionId !== line.put.versionId)];
    if (after.length === 0) stored.versions.delete(line.key);
    else stored.versions.set(line.key, after);
    const at = lowerBound(stored.keys, line.key);
    const listed = stored.keys[at] === line.key;
    if (after.length > 0 && !listed) stored.keys.splice(at, 0, line.key);
    if (after.length === 0 && listed) stored.keys.splice(at, 1);
    const kept = new Set(after);
    return before.filter((version) => !kept.has(version)).flatMap((version) => version.parts.map((part) => part.blob));
  };

  await replay(journalFile, apply);
  for (const bucket of buckets) {
    const stored = state.get(bucket.name);
    if (stored !== undefined) expire(stored, bucket.lifecycle, versioned.has(bucket.name), now());
  }
  const referenced = await compact(journalFile, state);
  for (const blob of await readdir(blobDirectory)) {
    if (!referenced.has(blob)) await rm(join(blobDirectory, blob), { force: true });
  }

  const journal = openSync(journalFile, "a", 0o600);
  let lastTime = 0;
  let closed = false;
  const commit = async (line: JournalLine): Promise<void> => {
    // The descriptor's number may belong to another file by now.
    if (closed) throw new Error("The object store is closed.");
    writeSync(journal, `${JSON.stringify(line)}\n`);
    await drop(apply(line));
  };
  const drop = async (blobs: readonly string[]): Promise<void> => {
    await Promise.all(blobs.map((blob) => rm(join(blobDirectory, blob), { force: true })));
  };
  const versionIdFor = (bucket: string): string => (versioned.has(bucket) ? randomBytes(16).toString("hex") : "null");
  /** Never the same twice, so that the order of versions is theirs too. */
  const tick = () => {
    lastTime = Math.max(lastTime, now());
    return lastTime;
  };
  const storedIn = (bucket: string): Stored => {
    const stored = state.get(bucket);
    if (stored === undefined) throw new Error(`There is no bucket ${bucket}.`);
    return stored;
  };
  const find = (bucket: string, key: string, versionId?: string): Version | undefined => {
    const versions = storedIn(bucket).versions.get(key) ?? [];
    return versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  };

  return {
    receive: async (body) => {
      const blob = randomBytes(16).toString("hex");
      const md5 = createHash("md5");
      let size = 0;
      try {
        await pipeline(
          body,
          async function* (source: AsyncIterable<Uint8Array>) {
            for await (const chunk of source) {
              md5.update(chunk);
              size += chunk.length;
              yield chunk;
            }
          },
          createWriteStream(join(blobDirectory, blob), { mode: 0o600 }),
        );
      } catch (error) {
        await drop([blob]);
        throw error;
      }
      return { blob, size, md5: md5.digest("hex") };
    },
    drop,
    put: async (bucket, key, content) => {
      storedIn(bucket);
      const version: Version = {
        ...content,
        versionId: versionIdFor(bucket),
        size: content.parts.reduce((sum, part) => sum + part.size, 0),
        modifiedAt: tick(),
      };
      await commit({ bucket, key, put: version });
      return version;
    },
    find,
    read: (version, start, end) => Readable.from(readParts(blobDirectory, version, start, end), { objectMode: false }),
    remove: async (bucket, key) => {
      if (!versioned.has(bucket)) {
        if (find(bucket, key) !== undefined) await commit({ bucket, key, remove: "null" });
        return undefined;
      }
      const marker: Version = {
        versionId: versionIdFor(bucket),
        etag: "",
        size: 0,
        modifiedAt: tick(),
        deleted: true,
        headers: {},
        parts: [],
      };
      await commit({ bucket, key, put: marker });
      return marker;
    },
    removeVersion: async (bucket, key, versionId) => {
      if (find(bucket, key, versionId) !== undefined) await commit({ bucket, key, remove: versionId });
    },
    list: function* (bucket, prefix, after) {
      const stored = storedIn(bucket);
      for (const key of keysFrom(stored.keys, prefix, after)) {
        const version = stored.versions.get(key)?.[0];
        if (version !== undefined && version.deleted !== true) yield { key, version };
      }
    },
    versions: (bucket, key) => storedIn(bucket).versions.get(key) ?? [],
    keys: (bucket, prefix) => keysFrom(storedIn(bucket).keys, prefix, ""),
    close: () => {
      closed = true;
      closeSync(journal);
    },
  };
}

async function replay(journalFile: string, apply: (line: JournalLine) => unknown): Promise<void> {
  await using journal = await open(journalFile, "a+", 0o600);
  for await (const line of journal.readLines({ start: 0 })) {
    const parsed = JournalLine.safeParse(parseJson(line));
    if (parsed.success) apply(parsed.data);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rewrites the journal with what is left, oldest version first, and tells which files it speaks of. */
async function compact(journalFile: string, state: ReadonlyMap<string, Stored>): Promise<Set<string>> {
  const referenced = new Set<string>();
  const next = `${journalFile}.next`;
  await pipeline(
    function* () {
      for (const [bucket, stored] of state) {
        for (const [key, versions] of stored.versions) {
          for (const put of versions.toReversed()) {
            for (const part of put.parts) referenced.add(part.blob);
            yield `${JSON.stringify({ bucket, key, put })}\n`;
          }
        }
      }
    },
    createWriteStream(next, { mode: 0o600 }),
  );
  await rename(next, journalFile);
  return referenced;
}

function expire(stored: Stored, rules: readonly LifecycleRule[], versioned: boolean, now: number): void {
  const days = 86_400_000;
  for (const key of [...stored.keys]) {
    let versions = stored.versions.get(key) ?? [];
    for (const rule of rules.filter((entry) => key.startsWith(entry.prefix))) {
      const [newest] = versions;
      if (newest === undefined) break;
      const { expireDays, expireNoncurrentDays } = rule;
      if (expireDays !== undefined && newest.deleted !== true && newest.modifiedAt < now - expireDays * days) {
        const marker: Version = {
          ...newest,
          versionId: randomBytes(16).toString("hex"),
          modifiedAt: now,
          deleted: true,
        };
        versions = versioned ? [{ ...marker, parts: [], size: 0, headers: {} }, ...versions] : [];
      }
      if (expireNoncurrentDays !== undefined) {
        // A version has been noncurrent since the next newer one came.
        versions = versions.filter((_, index) => {
          const newer = versions[index - 1];
          return newer === undefined || newer.modifiedAt >= now - expireNoncurrentDays * days;
        });
      }
    }
    // A delete marker with nothing under it says nothing.
    if (versions.length === 1 && versions[0]?.deleted === true) versions = [];
    if (versions.length > 0) stored.versions.set(key, versions);
    else {
      stored.versions.delete(key);
      stored.keys.splice(lowerBound(stored.keys, key), 1);
    }
  }
}

async function* readParts(directory: string, version: Version, start: number, end: number): AsyncIterable<Buffer> {
  let offset = 0;
  for (const part of version.parts) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, part.size - 1);
    offset += part.size;
    if (from > to) continue;
    yield* createReadStream(join(directory, part.blob), { start: from, end: to });
  }
}

function* keysFrom(keys: readonly string[], prefix: string, after: string): Iterable<string> {
  const start = compare(after, prefix) < 0 ? prefix : after;
  for (let at = lowerBound(keys, start); at < keys.length; at += 1) {
    const key = keys[at];
    if (key === undefined || !key.startsWith(prefix)) return;
    if (key !== after) yield key;
  }
}

/** S3 sorts keys by their UTF-8 bytes. */
function compare(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function lowerBound(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key !== undefined && compare(key, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
