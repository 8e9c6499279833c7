import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { elementsOf, sendXml } from "../gateway/xml.ts";
import type { ReceivedContent } from "./blobs.ts";
import { checkWriteConditions } from "./conditions.ts";
import type { ObjectDeps } from "./objects.ts";
import { objectHeaders, receiveBody } from "./receive.ts";
import { objectArn, objectCreated, requirePermission, type S3Handlers, type S3Request } from "./request.ts";
import { S3Error } from "./s3-error.ts";

/** Every part but the last, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const smallestPart = 5 * 1024 * 1024;

interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, ReceivedContent>;
}

/** Multipart uploads. They are kept in memory: a restart forgets them, as unfinished ones may be aborted at any time. */
export function createMultipartUploads(
  deps: ObjectDeps,
): S3Handlers<
  "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" | "AbortMultipartUpload" | "ListParts"
> {
  const { store, buckets, onCreated } = deps;
  const uploads = new Map<string, MultipartUpload>();

  return {
    CreateMultipartUpload: ({ call, bucket, key }) => {
      requirePermission(call, "s3:PutObject", objectArn(bucket, key));
      call.request.resume();
      const uploadId = randomBytes(24).toString("hex");
      uploads.set(uploadId, { bucket, key, headers: objectHeaders(call.request), parts: new Map() });
      const result = { Bucket: bucket, Key: key, UploadId: uploadId };
      sendXml(call.response, 200, { InitiateMultipartUploadResult: result });
    },

    UploadPart: async (request) => {
      const { call, bucket, key, query } = request;
      requirePermission(call, "s3:PutObject", objectArn(bucket, key));
      const number = z.coerce.number().int().min(1).max(10_000).parse(query.get("partNumber"));
      const [uploadId, upload] = findUpload(uploads, request);
      const { content, checksums } = await receiveBody(store, call.request);
      const before = upload.parts.get(number);
      upload.parts.set(number, content);
      if (before !== undefined) await store.drop([before.blob]);
      // The upload may have been completed or aborted meanwhile.
      if (!uploads.has(uploadId)) await store.drop([content.blob]);
      call.response.writeHead(200, { etag: `"${content.md5}"`, ...checksums });
      call.response.end();
    },

    CompleteMultipartUpload: async (request) => {
      const { call, bucket, key } = request;
      requirePermission(call, "s3:PutObject", objectArn(bucket, key));
      const document = (await call.body()).toString("utf8");
      const [uploadId, upload] = findUpload(uploads, request);
      const parts = chosenParts(upload, document);
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
      sendXml(call.response, 200, { CompleteMultipartUploadResult: result }, headers);
      onCreated(objectCreated(request, version, "CompleteMultipartUpload"));
    },

    AbortMultipartUpload: async (request) => {
      const { call, bucket, key } = request;
      requirePermission(call, "s3:AbortMultipartUpload", objectArn(bucket, key));
      const [uploadId, upload] = findUpload(uploads, request);
      uploads.delete(uploadId);
      await store.drop([...upload.parts.values()].map((part) => part.blob));
      call.response.writeHead(204);
      call.response.end();
    },

    ListParts: (request) => {
      const { call, bucket, key } = request;
      requirePermission(call, "s3:ListMultipartUploadParts", objectArn(bucket, key));
      const [uploadId, upload] = findUpload(uploads, request);
      const parts = [...upload.parts]
        .toSorted(([left], [right]) => left - right)
        .map(([number, part]) => ({ PartNumber: number, ETag: `"${part.md5}"`, Size: part.size }));
      sendXml(call.response, 200, {
        ListPartsResult: { Bucket: bucket, Key: key, UploadId: uploadId, IsTruncated: false, Part: parts },
      });
    },
  };
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
  const parts = elementsOf(document, "Part").map((entry) => {
    const number = Number(elementsOf(entry, "PartNumber")[0]);
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
