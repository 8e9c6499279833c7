import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { readBody } from "../gateway/message-bodies.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import type { ReceivedContent } from "./blobs.ts";
import { type Checksum, createChecksum } from "./checksums.ts";
import type { ObjectStore } from "./object-store.ts";
import { S3Error } from "./s3-error.ts";

/**
 * Receives a request's body, without its framing, and checks it against the checksums and the length sent with it.
 * Throws an `S3Error` when it does not match; nothing is left on disk then. `checksums` are headers for the answer.
 */
export async function receiveBody(
  store: ObjectStore,
  request: IncomingMessage,
): Promise<{ readonly content: ReceivedContent; readonly checksums: Readonly<Record<string, string>> }> {
  const framed = isFramed(request.headers);
  const claimed = claimedChecksums(request.headers);
  const trailer = request.headers["x-amz-trailer"];
  const names = new Set([...claimed.keys(), ...(typeof trailer === "string" ? [trailer.toLowerCase()] : [])]);
  const sums = [...names].flatMap((name) => createChecksum(name) ?? []);
  const raw = asSigned(request);
  const body = framed ? decodeAwsChunked(raw, (name, value) => claimed.set(name, value)) : raw;
  const content = await store.receive(
    (async function* () {
      for await (const chunk of body) {
        for (const sum of sums) sum.update(chunk);
        yield chunk;
      }
    })(),
  );
  const problem = mismatch(request.headers, content, sums, claimed, framed);
  if (problem !== undefined) {
    await store.drop([content.blob]);
    throw problem;
  }
  const checksums = Object.fromEntries([...claimed].filter(([name]) => /^x-amz-checksum-(crc|sha)/.test(name)));
  return { content, checksums };
}

/** Reads a request's body as a small document, without its framing. Throws a `RangeError` above 16 MiB. */
export async function readDocument(request: IncomingMessage): Promise<string> {
  const raw = asSigned(request);
  const body = isFramed(request.headers) ? decodeAwsChunked(raw, () => {}) : raw;
  return (await readBody(body)).toString("utf8");
}

/** The body, held at its end against the hash that the signature covers, where it is one. Throws an `S3Error`. */
async function* asSigned(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const signed = request.headers["x-amz-content-sha256"];
  const expected = typeof signed === "string" && /^[0-9a-f]{64}$/.test(signed) ? signed : undefined;
  const hash = createHash("sha256");
  const chunks: AsyncIterable<Uint8Array> = request;
  for await (const chunk of chunks) {
    if (expected !== undefined) hash.update(chunk);
    yield chunk;
  }
  if (expected === undefined || hash.digest("hex") === expected) return;
  throw new S3Error(400, "XAmzContentSHA256Mismatch", "The body is not the one whose SHA-256 was signed.");
}

/** The request's headers that are kept as the object's own. */
export function objectHeaders(request: IncomingMessage): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== "string") continue;
    if (
      /^(content-type|cache-control|content-disposition|content-language|expires)$/.test(name) ||
      name.startsWith("x-amz-meta-")
    ) {
      kept[name] = value;
    }
    if (name === "content-encoding") {
      const encoding = value
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "aws-chunked" && part !== "")
        .join(",");
      if (encoding !== "") kept[name] = encoding;
    }
  }
  return kept;
}

/** Whether the body is in S3's `aws-chunked` framing. */
function isFramed(headers: IncomingHttpHeaders): boolean {
  return (
    headers["x-amz-content-sha256"]?.toString().startsWith("STREAMING-") === true ||
    headers["content-encoding"]?.includes("aws-chunked") === true
  );
}

/** The checksums sent as headers, by name; those in trailers follow with the body. */
function claimedChecksums(headers: IncomingHttpHeaders): Map<string, string> {
  const claimed = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith("x-amz-checksum-") && typeof value === "string") claimed.set(name, value);
  }
  return claimed;
}

function mismatch(
  headers: IncomingHttpHeaders,
  content: ReceivedContent,
  sums: readonly Checksum[],
  claimed: ReadonlyMap<string, string>,
  framed: boolean,
): S3Error | undefined {
  for (const sum of sums) {
    const expected = claimed.get(sum.name);
    if (expected !== undefined && expected !== sum.digest()) {
      return new S3Error(400, "BadDigest", `The ${sum.name} you specified did not match the calculated checksum.`);
    }
  }
  const md5 = headers["content-md5"];
  if (typeof md5 === "string" && Buffer.from(md5, "base64").toString("hex") !== content.md5) {
    return new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const length = headers["x-amz-decoded-content-length"] ?? (framed ? undefined : headers["content-length"]);
  if (length !== undefined && Number(length) !== content.size) {
    return new S3Error(400, "IncompleteBody", "The body does not have the length the request promised.");
  }
  return undefined;
}
