import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";

/** How the S3 stub answers. */
export interface StubS3Settings {
  /** The file that stands for the object with this key; `undefined` if there is no such object. */
  readonly fileOf: (key: string) => string | undefined;
  /** The directory in which stored objects are kept; without one they are discarded. */
  readonly keepIn?: string;
}

type Handler = Extract<NonNullable<S3ClientConfig["requestHandler"]>, { handle: unknown }>;
type Asked = Parameters<Handler["handle"]>[0];

/**
 * The bucket as the functions have it, including the SDK and its checksums, with a stub instead of a connection: it
 * answers reads from files and accepts everything that is stored.
 */
export function createStubS3({ fileOf, keepIn }: StubS3Settings): Bucket & { readonly stored: () => number } {
  let bytes = 0;

  const read = async (key: string, range: string | undefined) => {
    const file = fileOf(key);
    if (file === undefined) return answer(404, {}, "<Error><Code>NoSuchKey</Code></Error>");
    const { size } = await stat(file);
    const headers = { etag: '"1"', "content-length": String(size), "last-modified": new Date(0).toUTCString() };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
    if (from !== undefined && to !== undefined) {
      const [start, end] = [Number(from), Math.min(Number(to), size - 1)];
      const part = { "content-length": String(end - start + 1), "content-range": `bytes ${start}-${end}/${size}` };
      return { statusCode: 206, headers: { ...headers, ...part }, body: createReadStream(file, { start, end }) };
    }
    // In pieces of 64 KiB, Node's default, which is also the most that a socket delivers at once.
    return { statusCode: 200, headers, body: createReadStream(file) };
  };

  const take = async (key: string, body: unknown) => {
    const pieces = typeof body === "string" || body instanceof Uint8Array ? [Buffer.from(body)] : body;
    if (!(pieces instanceof Readable) && !Array.isArray(pieces)) {
      throw new TypeError(`The body of ${key} is not a stream.`);
    }
    const count = async function* () {
      for await (const piece of pieces) {
        bytes += piece.length;
        yield piece;
      }
    };
    if (keepIn === undefined) {
      for await (const _ of count());
      return;
    }
    const file = join(keepIn, key);
    await mkdir(dirname(file), { recursive: true });
    if (Array.isArray(pieces)) {
      bytes += pieces[0]?.length ?? 0;
      await writeFile(file, pieces);
    } else await pipeline(count, createWriteStream(file));
  };

  const handle = async (request: Asked) => {
    const key = decodeURIComponent(request.path.replace(/^\/[^/]*\//u, ""));
    const query = request.query ?? {};
    if (request.method === "GET" || request.method === "HEAD") {
      return { response: await read(key, request.headers["range"]) };
    }
    if (request.method === "POST" && "uploads" in query) {
      return {
        response: answer(
          200,
          {},
          "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>",
        ),
      };
    }
    if (request.method === "POST") {
      return {
        response: answer(200, {}, "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"),
      };
    }
    if (request.method === "PUT") {
      await take(key, request.body);
      return { response: answer(200, { etag: '"1"' }, "") };
    }
    throw new Error(`The S3 stub does not support ${request.method}.`);
  };

  const client = new S3Client({
    region: "eu-west-1",
    credentials: { accessKeyId: "stub", secretAccessKey: "stub" },
    forcePathStyle: true,
    requestHandler: { handle },
  });
  return { ...createS3Bucket(client, "campaigns"), stored: () => bytes };
}

const answer = (statusCode: number, headers: Record<string, string>, text: string) => ({
  statusCode,
  headers,
  body: Readable.from([Buffer.from(text)]),
});
