import { Readable } from "node:stream";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { Bucket, ByteRange, ObjectHead } from "../ports/bucket.ts";
import { chunked } from "./chunked.ts";

/** Bytes of one part of a multipart upload: 10,000 parts (S3's limit) make 78 GiB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const partBytes = 8 * 1024 * 1024;

/** Parts on their way at once; with the one being filled this bounds the memory of an upload. */
const partsInFlight = 2;

/** Bytes handed to an upload at a time; what fits into one piece is stored by a single request, without more ado. */
const pieceBytes = 1024 * 1024;

/** Keys of one DeleteObjects request, by S3's limit. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const keysPerDelete = 1000;

/**
 * The campaign bucket in S3.
 *
 * A body that was asked for must be read to its end or left (`break`, `return` or a throw inside `for await` closes its
 * connection); only asking for properties is what `head` is for.
 */
export function createS3Bucket(client: S3Client, bucketName: string): Bucket {
  const head: Bucket["head"] = (key, version) =>
    absentAsUndefined(async () => {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucketName, Key: key, VersionId: version }));
      return headOf(key, found);
    });

  return {
    head,

    get: (key, version, range) =>
      absentAsUndefined(async () => {
        const asked = { Bucket: bucketName, Key: key, VersionId: version, Range: rangeHeader(range) };
        const found = await client.send(new GetObjectCommand(asked));
        return { ...headOf(key, found), body: readable(key, found.Body) };
      }),

    put: (key, body, contentType) =>
      storeObject(client, { Bucket: bucketName, Key: key, ContentType: contentType }, body),

    async replace(key, tag, body, contentType) {
      const condition = tag === undefined ? { IfNoneMatch: "*" } : { IfMatch: tag };
      try {
        return await storeObject(
          client,
          { Bucket: bucketName, Key: key, ContentType: contentType, ...condition },
          body,
        );
      } catch (error) {
        if (isRefusedCondition(error)) return undefined;
        throw error;
      }
    },

    async *list(prefix) {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucketName, Prefix: prefix, ContinuationToken: token }),
        );
        for (const { Key: key, Size: size, LastModified: modified } of page.Contents ?? []) {
          if (key !== undefined && size !== undefined && modified !== undefined) {
            yield { key, size, modifiedAt: modified.getTime() };
          }
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async delete(keys) {
      for (let first = 0; first < keys.length; first += keysPerDelete) {
        const group = keys.slice(first, first + keysPerDelete);
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({
            Bucket: bucketName,
            Delete: { Objects: group.map((key) => ({ Key: key })), Quiet: true },
          }),
        );
        const [error] = Errors;
        if (error !== undefined) {
          throw new Error(
            `S3 did not remove ${Errors.length} of ${group.length} objects, the first being ${error.Key}: ${error.Code} ${error.Message ?? ""}`.trim(),
          );
        }
      }
    },
  };
}

const rangeHeader = (range: ByteRange | undefined) => range && `bytes=${range.start}-${range.end - 1}`;

function readable(key: string, body: unknown): Readable {
  if (!(body instanceof Readable)) throw new TypeError(`S3's answer for ${key} has no body to read.`);
  // A connection lost before anybody reads is an error of the reading to come, not of the whole process.
  body.on("error", () => {});
  return body;
}

async function* startingWith<Piece>(first: readonly Piece[], rest: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  yield* first;
  yield* rest;
}

/** Where something is stored, and on which condition. */
interface PutTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** By one request, or in parts when it is large; a condition holds for the whole. Returns the version. */
async function storeObject(
  client: S3Client,
  target: PutTarget,
  body: string | AsyncIterable<Uint8Array | string>,
): Promise<string> {
  const whole = async (bytes: Uint8Array): Promise<string> => {
    const { VersionId } = await client.send(new PutObjectCommand({ ...target, Body: bytes }));
    return VersionId ?? unversioned;
  };
  // Bytes, because the SDK takes an empty text for a stream of unknown length.
  if (typeof body === "string") return whole(Buffer.from(body));
  const pieces = chunked(body, pieceBytes);
  const first = await pieces.next();
  const second = first.done ? first : await pieces.next();
  if (second.done) return whole(first.value ?? Buffer.alloc(0));
  const stream = Readable.from(startingWith([first.value, second.value], pieces), { highWaterMark: 1 });
  try {
    const upload = new Upload({
      client,
      params: { ...target, Body: stream },
      partSize: partBytes,
      queueSize: partsInFlight,
      leavePartsOnError: false,
    });
    const { VersionId } = await upload.done();
    return VersionId ?? unversioned;
  } finally {
    // Closes the source too, which the upload leaves open when S3 fails, and which no stream closes before it is read.
    stream.destroy();
    pieces.return(undefined).catch(() => {});
  }
}

/** What S3 calls the version of an object in a bucket that keeps none. */
const unversioned = "null";

interface Properties {
  readonly VersionId?: string;
  readonly ContentLength?: number;
  /** Only where a range was asked for: `bytes 0-9/100`. */
  readonly ContentRange?: string;
  readonly LastModified?: Date;
  readonly ETag?: string;
}

function headOf(key: string, { VersionId, LastModified, ETag, ...sizes }: Properties): ObjectHead {
  const { ContentLength, ContentRange } = sizes;
  const size = ContentRange === undefined ? ContentLength : Number(ContentRange.split("/")[1]);
  if (size === undefined || Number.isNaN(size) || LastModified === undefined || ETag === undefined) {
    throw new TypeError(`S3's answer for ${key} lacks its length, date or tag.`);
  }
  return { key, version: VersionId ?? unversioned, size, modifiedAt: LastModified.getTime(), tag: ETag };
}

/**
 * Whether S3 did not store an object because of the condition: 412 other content is there, 409 somebody is just storing
 * some, 404 there is none to be replaced. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
function isRefusedCondition(error: unknown): boolean {
  if (!(error instanceof S3ServiceException) || ["NoSuchBucket", "NoSuchUpload"].includes(error.name)) return false;
  const status = error.$metadata.httpStatusCode ?? 0;
  return [404, 409, 412].includes(status);
}

/**
 * 404 is a missing object or version, or a delete marker as the newest version; 405 a delete marker asked for by its
 * version. A missing bucket is a wrong setting and thrown, as far as S3 tells the two apart (not for `head`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
 */
async function absentAsUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.name === "NoSuchBucket") throw error;
    const status = error.$metadata.httpStatusCode;
    if (status === 404 || status === 405) return undefined;
    throw error;
  }
}
