import type { Bucket, ObjectHead } from "../../shared/ports/bucket.ts";
import { byUtf8 } from "../support/apply-change.ts";
import { bytesOf, tagOf } from "../support/object-content.ts";
import type { ServiceCall } from "./service-calls.ts";
import type { VirtualTime } from "./virtual-time.ts";

interface Version {
  readonly version: string;
  readonly bytes: Buffer;
  readonly modifiedAt: number;
  readonly deleted: boolean;
}

/** The simulated S3 bucket, with versions. */
export interface SimBucket {
  through(call: ServiceCall, by: string): Bucket;
  /** The newest content. */
  peek(key: string): string | undefined;
  keys(prefix: string): readonly string[];
  /** Stores at once, as a person does; returns the version. */
  put(key: string, body: string | Buffer, by: string): string;
  /** Removes an object, or with `versions` every version of it. */
  delete(key: string, versions: boolean): void;
}

/** An empty bucket. `observe` is told of everything that is stored. */
export function createSimBucket(deps: {
  time: VirtualTime;
  observe: (stored: { key: string; version: string; text: string; by: string }) => void;
}): SimBucket {
  const { time, observe } = deps;
  const objects = new Map<string, Version[]>();
  let versions = 0;

  const newest = (key: string): Version | undefined => {
    const last = objects.get(key)?.at(-1);
    return last === undefined || last.deleted ? undefined : last;
  };
  const find = (key: string, version: string | undefined) =>
    version === undefined
      ? newest(key)
      : objects.get(key)?.find((candidate) => candidate.version === version && !candidate.deleted);
  const put = (key: string, body: string | Buffer, by: string): string => {
    const version = `v${++versions}`;
    const bytes = Buffer.from(body);
    const list = objects.get(key) ?? [];
    objects.set(key, list);
    list.push({ version, bytes, modifiedAt: time.now(), deleted: false });
    observe({ key, version, text: bytes.toString("utf8"), by });
    return version;
  };
  const remove = (key: string) => {
    if (newest(key) === undefined) return;
    const marker = { version: `v${++versions}`, bytes: Buffer.alloc(0), modifiedAt: time.now(), deleted: true };
    objects.get(key)?.push(marker);
  };
  const keys = (prefix: string) =>
    [...objects.keys()].filter((key) => key.startsWith(prefix) && newest(key) !== undefined).sort(byUtf8);
  const headOf = (key: string, { version, bytes, modifiedAt }: Version): ObjectHead => ({
    key,
    version,
    size: bytes.length,
    modifiedAt,
    tag: tagOf(bytes),
  });

  return {
    put,
    keys,
    peek: (key) => newest(key)?.bytes.toString("utf8"),
    delete: (key, all) => {
      if (all) objects.delete(key);
      else remove(key);
    },
    through: (call, by) => ({
      get: (key, version, range) =>
        call(`get ${key}`, () => {
          const found = find(key, version);
          if (found === undefined) return undefined;
          return { ...headOf(key, found), body: chunksOf(found.bytes.subarray(range?.start, range?.end)) };
        }),
      head: (key, version) =>
        call(`head ${key}`, () => {
          const found = find(key, version);
          return found === undefined ? undefined : headOf(key, found);
        }),
      put: async (key, body) => {
        const bytes = await whole(body);
        return call(`put ${key}`, () => put(key, bytes, by));
      },
      replace: async (key, tag, body) => {
        const bytes = await whole(body);
        return call(`replace ${key}`, () => {
          const found = newest(key);
          return (found && tagOf(found.bytes)) === tag ? put(key, bytes, by) : undefined;
        });
      },
      list: async function* (prefix) {
        const listed = await call(`list ${prefix}`, () =>
          keys(prefix).flatMap((key) => {
            const version = newest(key);
            return version === undefined ? [] : [headOf(key, version)];
          }),
        );
        for (const { key, size, modifiedAt } of listed) yield { key, size, modifiedAt };
      },
      delete: (list) =>
        call("delete", () => {
          for (const key of list) remove(key);
        }),
    }),
  };
}

async function whole(body: string | AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: (Uint8Array | string)[] = [];
  if (typeof body === "string") chunks.push(body);
  else for await (const chunk of body) chunks.push(chunk);
  return bytesOf(chunks);
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1;
  if (middle > 0) yield bytes.subarray(0, middle);
  if (bytes.length > 0) yield bytes.subarray(middle);
}
