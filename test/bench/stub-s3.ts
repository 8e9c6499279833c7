import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";

/** How the stub of S3 answers. */
export interface StubS3Settings {
  /** The file in which an object is, by its key; objects elsewhere do not exist. */
  readonly fileOf: (key: string) => string | undefined;
  /** Directory in which what is stored is kept; without it, it is taken and forgotten. */
  readonly keepIn?: string;
}

type Handler = Extract<NonNullable<S3ClientConfig["requestHandler"]>, { handle: unknown }>;
type Asked = Parameters<Handler["handle"]>[0];

/**
 * The bucket as the functions have it, the SDK and its checksums included, with a stub in place of the connection: it
 * reads what is asked for from files, and takes whatever is stored.
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
    // In pieces of 64 KiB, Node's own measure, which is what a socket gives at most.
    return { statusCode: 200, headers, body: createReadStream(file) };
  };

  const take = async (key: string, body: unknown) => {
    const pieces = typeof body === "string" || body instanceof Uint8Array ? [Buffer.from(body)] : body;
    if (!(pieces instanceof Readable) && !Array.isArray(pieces)) {
      throw new TypeError(`A body that is no stream: ${key}`);
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
    if (request.method === "GET" || request.method === "HEAD")
      return { response: await read(key, request.headers["range"]) };
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
    throw new Error(`The stub of S3 does not know ${request.method}.`);
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
