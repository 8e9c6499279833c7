import type { Bucket } from "../../shared/ports/bucket.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { byUtf8 } from "./apply-change.ts";
import { bytesOf, tagOf } from "./object-content.ts";

/** A bucket in memory that keeps every version. */
export interface MemoryBucket extends Bucket {
  /** The text of an object's newest version. */
  text(key: string): string | undefined;
  json(key: string): unknown;
  /** Keys under a prefix, in order. */
  keys(prefix?: string): string[];
  /** Stores an object without a call. Its version is `v1` for the first one stored so, and so on (`w1` … through the port). */
  store(key: string, body: string | Uint8Array): string;
  /** Every key that was put through the port, in order. */
  readonly puts: string[];
  /** Called before every call; what it throws fails the call. */
  fault: (call: { readonly method: "get" | "head" | "put" | "list" | "delete"; readonly key: string }) => void;
  /** Bytes of one chunk that is read. */
  chunkBytes: number;
}

/** An empty bucket; `clock` (default: the machine's) tells when objects were stored. */
export function createMemoryBucket(clock: Pick<Clock, "now"> = { now: Date.now }): MemoryBucket {
  interface Version {
    readonly version: string;
    /** `undefined`: a delete marker. */
    readonly body: Buffer | undefined;
    readonly modifiedAt: number;
  }
  const objects = new Map<string, Version[]>();
  const last = { v: 0, w: 0 };

  const keep = (key: string, body: string | Uint8Array, series: "v" | "w") => {
    const version = `${series}${++last[series]}`;
    objects.set(key, [...(objects.get(key) ?? []), { version, body: Buffer.from(body), modifiedAt: clock.now() }]);
    return version;
  };

  const find = (key: string, version?: string) => {
    const versions = objects.get(key);
    const found = version === undefined ? versions?.at(-1) : versions?.find((one) => one.version === version);
    return found?.body === undefined ? undefined : { ...found, body: found.body };
  };
  const listedOf = (key: string, { body, modifiedAt }: { readonly body: Buffer; readonly modifiedAt: number }) => ({
    key,
    size: body.length,
    modifiedAt,
  });
  const headOf = (
    key: string,
    found: { readonly version: string; readonly body: Buffer; readonly modifiedAt: number },
  ) => ({
    ...listedOf(key, found),
    version: found.version,
    tag: tagOf(found.body),
  });

  async function* read(body: Buffer, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  }

  const bucket: MemoryBucket = {
    puts: [],
    chunkBytes: 64 * 1024,
    fault: () => {},
    text: (key) => find(key)?.body.toString("utf8"),
    json: (key) => JSON.parse(find(key)?.body.toString("utf8") ?? "null"),
    keys: (prefix = "") =>
      [...objects.keys()].filter((key) => key.startsWith(prefix) && find(key) !== undefined).sort(byUtf8),
    store: (key, body) => keep(key, body, "v"),
    get: async (key, version, range) => {
      bucket.fault({ method: "get", key });
      const found = find(key, version);
      if (found === undefined) return undefined;
      const body = found.body.subarray(range?.start, range?.end);
      return { ...headOf(key, found), body: read(body, bucket.chunkBytes) };
    },
    head: async (key, version) => {
      bucket.fault({ method: "head", key });
      const found = find(key, version);
      return found === undefined ? undefined : headOf(key, found);
    },
    put: async (key, body) => {
      bucket.puts.push(key);
      bucket.fault({ method: "put", key });
      if (typeof body === "string") return keep(key, body, "w");
      return keep(key, bytesOf(await Array.fromAsync(body)), "w");
    },
    replace: async (key, tag, body) => {
      bucket.puts.push(key);
      bucket.fault({ method: "put", key });
      const bytes = typeof body === "string" ? body : bytesOf(await Array.fromAsync(body));
      const found = find(key);
      if ((found && tagOf(found.body)) !== tag) return undefined;
      return keep(key, bytes, "w");
    },
    list: async function* (prefix) {
      bucket.fault({ method: "list", key: prefix });
      for (const key of bucket.keys(prefix)) {
        const found = find(key);
        if (found !== undefined) yield listedOf(key, found);
      }
    },
    delete: async (keys) => {
      for (const key of keys) {
        bucket.fault({ method: "delete", key });
        if (find(key) === undefined) continue;
        const marker = { version: `w${++last.w}`, body: undefined, modifiedAt: clock.now() };
        objects.set(key, [...(objects.get(key) ?? []), marker]);
      }
    },
  };
  return bucket;
}
