import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { elementsOf } from "../gateway/xml.ts";
import type { ReceivedContent } from "./blobs.ts";
import { compareKeys } from "./bucket-versions.ts";
import { checkWriteConditions } from "./conditions.ts";
import { encoderFor, type ListingEntry, pageNumber, readPage } from "./listings.ts";
import { type ObjectDeps, receiveCopy } from "./objects.ts";
import { objectHeaders, readDocument, receiveBody } from "./receive.ts";
import {
  bucketArn,
  objectArn,
  objectCreated,
  refuseTags,
  requirePermission,
  type S3Handlers,
  type S3Request,
} from "./request.ts";
import { owner, sendResult } from "./result.ts";
import { S3Error } from "./s3-error.ts";

/** Every part but the last, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const smallestPart = 5 * 1024 * 1024;

interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly parts: Map<number, PartContent>;
}

interface PartContent extends ReceivedContent {
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** Multipart uploads. They are kept in memory: a restart forgets them, as unfinished ones may be aborted at any time. */
export function createMultipartUploads(
  deps: ObjectDeps,
): S3Handlers<
  | "CreateMultipartUpload"
  | "UploadPart"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListParts"
  | "ListMultipartUploads"
> {
  const { store } = deps;
  const uploads = new Map<string, MultipartUpload>();

  return {
    CreateMultipartUpload: ({ call, bucket, key }) => {
      refuseTags(call.request);
      requirePermission(call, "s3:PutObject", objectArn(bucket, key));
      call.request.resume();
      const uploadId = randomBytes(24).toString("hex");
      const headers = objectHeaders(call.request);
      uploads.set(uploadId, { bucket, key, headers, startedAt: Date.now(), parts: new Map() });
      sendResult(call.response, "InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: uploadId });
    },

    UploadPart: (request) => uploadPart(deps, uploads, request),

    CompleteMultipartUpload: (request) => completeUpload(deps, uploads, request),

    AbortMultipartUpload: async (request) => {
      const { call, bucket, key } = request;
      requirePermission(call, "s3:AbortMultipartUpload", objectArn(bucket, key));
      const [uploadId, upload] = findUpload(uploads, request);
      uploads.delete(uploadId);
      await store.drop([...upload.parts.values()].map((part) => part.blob));
      call.response.writeHead(204);
      call.response.end();
    },

    ListParts: (request) => listParts(uploads, request),
    ListMultipartUploads: (request) => listUploads(uploads, request),
  };
}

/** Takes a part from the request's body, or copies it from an object. */
async function uploadPart(deps: ObjectDeps, uploads: Map<string, MultipartUpload>, request: S3Request): Promise<void> {
  const { store } = deps;
  const { call, bucket, key, query } = request;
  requirePermission(call, "s3:PutObject", objectArn(bucket, key));
  const number = z.coerce.number().int().min(1).max(10_000).parse(query.get("partNumber"));
  const [uploadId, upload] = findUpload(uploads, request);
  const source = call.request.headers["x-amz-copy-source"];
  const { content, checksums } =
    typeof source === "string"
      ? { content: await receiveCopy(deps, request, source), checksums: {} }
      : await receiveBody(store, call.request);
  const before = upload.parts.get(number);
  const part = { ...content, modifiedAt: Date.now() };
  upload.parts.set(number, part);
  if (before !== undefined) await store.drop([before.blob]);
  // The upload may have been completed or aborted meanwhile.
  if (!uploads.has(uploadId)) await store.drop([content.blob]);
  const ETag = `"${content.md5}"`;
  if (typeof source === "string") {
    const LastModified = new Date(part.modifiedAt).toISOString();
    sendResult(call.response, "CopyPartResult", { LastModified, ETag });
    return;
  }
  call.response.writeHead(200, { etag: ETag, ...checksums });
  call.response.end();
}

async function completeUpload(
  deps: ObjectDeps,
  uploads: Map<string, MultipartUpload>,
  request: S3Request,
): Promise<void> {
  const { store, buckets, onCreated } = deps;
  const { call, bucket, key } = request;
  requirePermission(call, "s3:PutObject", objectArn(bucket, key));
  const document = await readDocument(call.request);
  const [uploadId, upload] = findUpload(uploads, request);
  const parts = chosenParts(upload, document);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (Number(call.request.headers["x-amz-mp-object-size"] ?? size) !== size) {
    throw new S3Error(400, "InvalidRequest", `The parts have ${size} bytes, not as many as the request says.`);
  }
  checkWriteConditions(call.request, store.find(bucket, key));
  uploads.delete(uploadId);
  const version = await store.put(bucket, key, {
    etag: etagOf(parts),
    headers: upload.headers,
    parts: parts.map(({ blob, size }) => ({ blob, size })),
  });
  const used = new Set(parts.map((part) => part.blob));
  await store.drop([...upload.parts.values()].map((part) => part.blob).filter((blob) => !used.has(blob)));
  const location = `/${bucket}/${encodeURIComponent(key)}`;
  const result = { Location: location, Bucket: bucket, Key: key, ETag: `"${version.etag}"` };
  const headers = buckets.versionHeaders(bucket, version);
  sendResult(call.response, "CompleteMultipartUploadResult", result, headers);
  onCreated(objectCreated(request, version, "CompleteMultipartUpload"));
}

function listParts(uploads: ReadonlyMap<string, MultipartUpload>, request: S3Request): void {
  const { call, bucket, key, query } = request;
  requirePermission(call, "s3:ListMultipartUploadParts", objectArn(bucket, key));
  const [uploadId, upload] = findUpload(uploads, request);
  const MaxParts = pageNumber(query.get("max-parts"), 1000);
  const after = pageNumber(query.get("part-number-marker"), 10_000, 0);
  const left = [...upload.parts].toSorted(([one], [other]) => one - other).filter(([number]) => number > after);
  const parts = left.slice(0, MaxParts);
  sendResult(call.response, "ListPartsResult", {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    Initiator: owner,
    Owner: owner,
    StorageClass: "STANDARD",
    PartNumberMarker: after,
    NextPartNumberMarker: parts.at(-1)?.[0],
    MaxParts,
    IsTruncated: left.length > parts.length,
    Part: parts.map(([number, { md5, size, modifiedAt }]) => ({
      PartNumber: number,
      LastModified: new Date(modifiedAt).toISOString(),
      ETag: `"${md5}"`,
      Size: size,
    })),
  });
}

function listUploads(uploads: ReadonlyMap<string, MultipartUpload>, { call, bucket, query }: S3Request): void {
  requirePermission(call, "s3:ListBucketMultipartUploads", bucketArn(bucket));
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = query.get("upload-id-marker") ?? "";
  const maxUploads = pageNumber(query.get("max-uploads"), 1000);
  const encode = encoderFor(query);
  const entries = [...uploads]
    .filter(([, upload]) => upload.bucket === bucket && upload.key.startsWith(prefix))
    .map(([id, upload]): ListingEntry<MultipartUpload> => ({ key: upload.key, id, value: upload }))
    .toSorted(byKeyAndId);
  const from = { key: keyMarker, id: idMarker === "" ? undefined : idMarker };
  const page = readPage(
    entries.filter((entry) => isAfter(entry, from)),
    { prefix, delimiter, after: keyMarker, max: maxUploads },
  );
  sendResult(call.response, "ListMultipartUploadsResult", {
    Bucket: bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: page.truncated ? encode(page.last.key) : undefined,
    NextUploadIdMarker: page.truncated ? page.last.id : undefined,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    EncodingType: query.get("encoding-type") ?? undefined,
    MaxUploads: maxUploads,
    IsTruncated: page.truncated,
    Upload: page.entries.map(({ key, id, value }) => ({
      Key: encode(key),
      UploadId: id,
      Initiator: owner,
      Owner: owner,
      StorageClass: "STANDARD",
      Initiated: new Date(value.startedAt).toISOString(),
    })),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

/** In the order in which S3 lists uploads: by key, and those of one key by their ids. */
function byKeyAndId(one: { readonly key: string; readonly id: string }, other: typeof one): number {
  return compareKeys(one.key, other.key) || compareKeys(one.id, other.id);
}

/** Whether an upload comes after the last one of the page before; without an id, after all uploads of its key. */
function isAfter(
  entry: { readonly key: string; readonly id: string },
  last: { readonly key: string; readonly id: string | undefined },
): boolean {
  const order = compareKeys(entry.key, last.key);
  return order > 0 || (order === 0 && last.id !== undefined && compareKeys(entry.id, last.id) > 0);
}

function findUpload(
  uploads: ReadonlyMap<string, MultipartUpload>,
  { bucket, key, query }: S3Request,
): readonly [string, MultipartUpload] {
  const uploadId = query.get("uploadId") ?? "";
  const upload = uploads.get(uploadId);
  if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
    const message = "The specified upload does not exist. It may have been completed or aborted.";
    throw new S3Error(404, "NoSuchUpload", message);
  }
  return [uploadId, upload];
}

/** The parts that the client's list names, in its order. Throws an `S3Error` when they make no object. */
function chosenParts(upload: MultipartUpload, document: string): readonly ReceivedContent[] {
  let last = 0;
  const parts = elementsOf(document, "Part").map((entry) => {
    const number = Number(elementsOf(entry, "PartNumber")[0]);
    if (number <= last) throw new S3Error(400, "InvalidPartOrder", "The parts are not listed in ascending order.");
    last = number;
    const part = upload.parts.get(number);
    const etag = elementsOf(entry, "ETag")[0]?.replaceAll('"', "");
    if (part === undefined || part.md5 !== etag) {
      throw new S3Error(400, "InvalidPart", `Part ${number} could not be found, or its ETag does not match.`);
    }
    return part;
  });
  if (parts.length === 0) throw new S3Error(400, "MalformedXML", "The upload has no parts.");
  if (parts.slice(0, -1).some((part) => part.size < smallestPart)) {
    throw new S3Error(400, "EntityTooSmall", "Every part but the last must be at least 5 MiB.");
  }
  return parts;
}

/** As on S3: the MD5 of the parts' MD5s, and how many there are. */
function etagOf(parts: readonly ReceivedContent[]): string {
  const digest = createHash("md5");
  for (const part of parts) digest.update(part.md5, "hex");
  return `${digest.digest("hex")}-${parts.length}`;
}
