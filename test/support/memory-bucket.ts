import type { Bucket } from "../../shared/ports/bucket.ts";
import type { Clock } from "../../shared/ports/clock.ts";

/** A bucket in memory that keeps every version. */
export interface MemoryBucket extends Bucket {
  /** Text of an object's newest version. */
  text(key: string): string | undefined;
  json(key: string): unknown;
  /** Keys under a prefix, in order. */
  keys(prefix?: string): string[];
  /** Stores an object at once; its version is `v1` for the first so stored, and so on (`w1` … through the interface). */
  store(key: string, body: string | Uint8Array): string;
  /** Every key that was put through the interface, in order. */
  readonly puts: string[];
  /** Asked before every call; what it throws is the call's failure. */
  fault: (call: { readonly method: "get" | "head" | "put" | "list" | "delete"; readonly key: string }) => void;
  /** Bytes that reads give at once. */
  chunkBytes: number;
}

/** An empty bucket; objects are as old as `clock` says. */
export function createMemoryBucket(clock: Pick<Clock, "now">): MemoryBucket {
  interface Version {
    readonly version: string;
    readonly body: Buffer;
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
    return version === undefined ? versions?.at(-1) : versions?.find((one) => one.version === version);
  };
  const headOf = (key: string, { version, body, modifiedAt }: Version) => ({
    key,
    size: body.length,
    modifiedAt,
    version,
    tag: version,
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
    keys: (prefix = "") => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    store: (key, body) => keep(key, body, "v"),
    get: async (key, version) => {
      bucket.fault({ method: "get", key });
      const found = find(key, version);
      return found === undefined ? undefined : { ...headOf(key, found), body: read(found.body, bucket.chunkBytes) };
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
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(Buffer.from(chunk));
      return keep(key, Buffer.concat(chunks), "w");
    },
    replace: async (key, tag, body) => {
      bucket.puts.push(key);
      bucket.fault({ method: "put", key });
      if (find(key)?.version !== tag) return false;
      keep(key, body, "w");
      return true;
    },
    list: async function* (prefix) {
      bucket.fault({ method: "list", key: prefix });
      for (const key of bucket.keys(prefix)) {
        const found = find(key);
        if (found !== undefined) yield headOf(key, found);
      }
    },
    delete: async (keys) => {
      for (const key of keys) {
        bucket.fault({ method: "delete", key });
        objects.delete(key);
      }
    },
  };
  return bucket;
}
