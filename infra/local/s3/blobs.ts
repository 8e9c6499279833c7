import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Version } from "./version.ts";

/** Content already on disk that does not belong to an object yet. */
export interface ReceivedContent {
  /** Its file's name. */
  readonly blob: string;
  /** In bytes. */
  readonly size: number;
  /** In hex. */
  readonly md5: string;
}

/** Contents as files that never change. */
export interface Blobs {
  /** Writes a stream to disk, where it is when this resolves. Leaves nothing behind when the stream fails. */
  receive(body: AsyncIterable<Uint8Array>): Promise<ReceivedContent>;
  drop(blobs: readonly string[]): Promise<void>;
  /** Removes every file but these. */
  keepOnly(blobs: ReadonlySet<string>): Promise<void>;
  /** A range of a version's content, `end` inclusive. */
  read(version: Version, start: number, end: number): Readable;
}

/** Opens a directory of contents, creating it if it is missing. */
export async function openBlobs(directory: string): Promise<Blobs> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const remove = (blob: string) => rm(join(directory, blob), { force: true });
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
          createWriteStream(join(directory, blob), { mode: 0o600, flush: true }),
        );
      } catch (error) {
        await remove(blob);
        throw error;
      }
      return { blob, size, md5: md5.digest("hex") };
    },
    drop: async (blobs) => {
      await Promise.all(blobs.map(remove));
    },
    keepOnly: async (blobs) => {
      for (const blob of await readdir(directory)) if (!blobs.has(blob)) await remove(blob);
    },
    read: (version, start, end) => Readable.from(readParts(directory, version, start, end), { objectMode: false }),
  };
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
