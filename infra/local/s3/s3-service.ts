import { createHash, type Hash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import * as z from "zod";
import type { RequestContext } from "../gateway/access-control.ts";
import type { Call, Service } from "../gateway/gateway.ts";
import { notAuthorized, readBody } from "../gateway/message-bodies.ts";
import { elementsOf, sendXml, type Xml } from "../gateway/xml.ts";
import { region } from "../template/resources.ts";
import { decodeAwsChunked, MalformedBody } from "./aws-chunked.ts";
import type { Blob, ObjectStore, Version } from "./object-store.ts";

/** A new object, as the bucket announces it. */
export interface ObjectCreated {
  readonly bucket: string;
  readonly key: string;
  readonly version: Version;
  /** `Put`, `CompleteMultipartUpload` or `Copy`. */
  readonly by: string;
  /** The caller, as S3 names it in an event. */
  readonly principalId: string;
}

/** Why a request was not served: S3's own code and HTTP status. */
class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Blob>;
}

interface Target {
  readonly call: Call;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/**
 * S3's HTTP interface over the object store, as far as the AWS SDK and `aws s3` use it for objects, versions, listings
 * and multipart uploads (which a restart forgets, as an unfinished one may be aborted any time). Path style only.
 */
export function createS3(deps: {
  readonly store: ObjectStore;
  readonly buckets: readonly { readonly name: string; readonly versioned: boolean }[];
  /** Called once the object is on disk; the answer does not wait for it. */
  readonly onCreated: (created: ObjectCreated) => void;
}): Service {
  const { store } = deps;
  const buckets = new Map(deps.buckets.map((bucket) => [bucket.name, bucket]));
  const uploads = new Map<string, Upload>();

  const need = (call: Call, action: string, resource: string, context?: RequestContext): void => {
    if (!call.allows(action, resource, context)) {
      throw new S3Error(403, "AccessDenied", notAuthorized(call.principal, action, resource));
    }
  };

  const versionHeaders = (bucket: string, version: Version | undefined): Record<string, string> =>
    version !== undefined && buckets.get(bucket)?.versioned === true ? { "x-amz-version-id": version.versionId } : {};

  const created = (target: Target, version: Version, by: string): void => {
    const { bucket, key, call } = target;
    const principalId = call.caller.kind === "operator" ? "AWS:operator" : `AWS:AROALOCAL:${call.caller.name}`;
    deps.onCreated({ bucket, key, version, by, principalId });
  };

  /** The version a read asks for, or S3's answer when there is none: only who may list may know that. */
  const existing = (target: Target): Version => {
    const { call, bucket, key, query } = target;
    const versionId = query.get("versionId") ?? undefined;
    need(call, versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion", objectArn(bucket, key));
    const version = store.find(bucket, key, versionId);
    if (version !== undefined && version.deleted !== true) return version;
    if (!call.wouldAllow("s3:ListBucket", bucketArn(bucket))) {
      throw new S3Error(403, "AccessDenied", notAuthorized(call.principal, "s3:ListBucket", bucketArn(bucket)));
    }
    const marker = {
      ...versionHeaders(bucket, version),
      ...(version !== undefined && { "x-amz-delete-marker": "true" }),
    };
    if (version !== undefined && versionId !== undefined) {
      throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", marker);
    }
    throw versionId === undefined
      ? new S3Error(404, "NoSuchKey", "The specified key does not exist.", marker)
      : new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
  };

  const getObject = async (target: Target): Promise<void> => {
    const { call, bucket } = target;
    const { request, response } = call;
    const version = existing(target);
    const headers = {
      ...version.headers,
      ...versionHeaders(bucket, version),
      etag: `"${version.etag}"`,
      "last-modified": new Date(version.modifiedAt).toUTCString(),
      "accept-ranges": "bytes",
    };
    checkReadConditions(request, version, headers);
    const range = rangeOf(request, version.size);
    if (range === undefined) response.writeHead(200, { ...headers, "content-length": version.size });
    else {
      response.writeHead(206, {
        ...headers,
        "content-length": range.end - range.start + 1,
        "content-range": `bytes ${range.start}-${range.end}/${version.size}`,
      });
    }
    if (request.method === "HEAD" || version.size === 0) response.end();
    else await pipeline(store.read(version, range?.start ?? 0, range?.end ?? version.size - 1), response);
  };

  const putObject = async (target: Target): Promise<void> => {
    const { call, bucket, key } = target;
    const { request, response } = call;
    need(call, "s3:PutObject", objectArn(bucket, key));
    const source = request.headers["x-amz-copy-source"];
    if (typeof source === "string") return copyObject(target, source);
    const { content, checksums } = await receive(store, request);
    try {
      checkWriteConditions(request, store.find(bucket, key));
    } catch (error) {
      await store.drop([content.blob]);
      throw error;
    }
    const version = await store.put(bucket, key, {
      etag: content.md5,
      headers: keptHeaders(request),
      parts: [{ blob: content.blob, size: content.size }],
    });
    response.writeHead(200, { etag: `"${version.etag}"`, ...checksums, ...versionHeaders(bucket, version) });
    response.end();
    created(target, version, "Put");
  };

  const copyObject = async (target: Target, source: string): Promise<void> => {
    const { call, bucket, key } = target;
    const [path = "", query = ""] = source.replace(/^\//, "").split("?");
    const slash = path.indexOf("/");
    const from: Target = {
      call,
      bucket: decodeURIComponent(path.slice(0, slash)),
      key: decodeURIComponent(path.slice(slash + 1)),
      query: new URLSearchParams(query),
    };
    knownBucket(from.bucket);
    const original = existing(from);
    const copied = await store.receive(original.size === 0 ? empty() : store.read(original, 0, original.size - 1));
    const replace = call.request.headers["x-amz-metadata-directive"] === "REPLACE";
    const version = await store.put(bucket, key, {
      etag: copied.md5,
      headers: replace ? keptHeaders(call.request) : original.headers,
      parts: [{ blob: copied.blob, size: copied.size }],
    });
    sendXml(
      call.response,
      200,
      [
        "CopyObjectResult",
        [
          ["LastModified", new Date(version.modifiedAt).toISOString()],
          ["ETag", `"${version.etag}"`],
        ],
      ],
      versionHeaders(bucket, version),
    );
    created(target, version, "Copy");
  };

  const deleteObject = async (target: Target): Promise<void> => {
    const { call, bucket, key, query } = target;
    const versionId = query.get("versionId");
    need(call, versionId === null ? "s3:DeleteObject" : "s3:DeleteObjectVersion", objectArn(bucket, key));
    const headers: Record<string, string> = {};
    if (versionId === null) {
      const marker = await store.remove(bucket, key);
      if (marker !== undefined)
        Object.assign(headers, versionHeaders(bucket, marker), { "x-amz-delete-marker": "true" });
    } else {
      await store.removeVersion(bucket, key, versionId);
      headers["x-amz-version-id"] = versionId;
    }
    call.response.writeHead(204, headers);
    call.response.end();
  };

  const deleteObjects = async (target: Target): Promise<void> => {
    const { call, bucket } = target;
    const document = (await readBody(call.request)).toString("utf8");
    const quiet = elementsOf(document, "Quiet")[0] === "true";
    const results: Xml[] = [];
    for (const entry of elementsOf(document, "Object")) {
      const key = elementsOf(entry, "Key")[0] ?? "";
      const versionId = elementsOf(entry, "VersionId")[0];
      const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
      if (!call.allows(action, objectArn(bucket, key))) {
        results.push([
          "Error",
          [
            ["Key", key],
            ["Code", "AccessDenied"],
            ["Message", notAuthorized(call.principal, action, objectArn(bucket, key))],
          ],
        ]);
        continue;
      }
      if (versionId === undefined) await store.remove(bucket, key);
      else await store.removeVersion(bucket, key, versionId);
      if (!quiet) results.push(["Deleted", [["Key", key]]]);
    }
    sendXml(call.response, 200, ["DeleteResult", results]);
  };

  const listObjects = (target: Target): void => {
    const { call, bucket, query } = target;
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter") ?? "";
    const v2 = query.get("list-type") === "2";
    const maxKeys = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
    need(call, "s3:ListBucket", bucketArn(bucket), {
      "s3:prefix": query.has("prefix") ? [prefix] : [],
      "s3:delimiter": query.has("delimiter") ? [delimiter] : [],
      "s3:max-keys": query.has("max-keys") ? [String(maxKeys)] : [],
    });
    const token = query.get("continuation-token");
    const after =
      token === null
        ? (query.get(v2 ? "start-after" : "marker") ?? "")
        : Buffer.from(token, "base64url").toString("utf8");
    const url = query.get("encoding-type") === "url";
    const encode = (text: string) => (url ? encodeURIComponent(text).replaceAll("%2F", "/") : text);
    const contents: Xml[] = [];
    const prefixes = new Set<string>();
    let last = "";
    let truncated = false;
    for (const { key, version } of store.list(bucket, prefix, after)) {
      const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
      if (common !== undefined && (prefixes.has(common) || after.startsWith(common))) continue;
      if (contents.length + prefixes.size >= maxKeys) {
        truncated = maxKeys > 0;
        break;
      }
      if (common === undefined) {
        contents.push([
          "Contents",
          [
            ["Key", encode(key)],
            ["LastModified", new Date(version.modifiedAt).toISOString()],
            ["ETag", `"${version.etag}"`],
            ["Size", version.size],
            ["StorageClass", "STANDARD"],
          ],
        ]);
      } else prefixes.add(common);
      last = common ?? key;
    }
    sendXml(call.response, 200, [
      'ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"',
      [
        ["Name", bucket],
        ["Prefix", encode(prefix)],
        ["MaxKeys", maxKeys],
        ["IsTruncated", truncated],
        delimiter === "" ? undefined : ["Delimiter", encode(delimiter)],
        url ? ["EncodingType", "url"] : undefined,
        v2 ? ["KeyCount", contents.length + prefixes.size] : ["Marker", encode(after)],
        v2 && token !== null ? ["ContinuationToken", token] : undefined,
        truncated && v2 ? ["NextContinuationToken", Buffer.from(last, "utf8").toString("base64url")] : undefined,
        truncated && !v2 ? ["NextMarker", encode(last)] : undefined,
        ...contents,
        ...[...prefixes].map((common): Xml => ["CommonPrefixes", [["Prefix", encode(common)]]]),
      ],
    ]);
  };

  const listVersions = (target: Target): void => {
    const { call, bucket, query } = target;
    const prefix = query.get("prefix") ?? "";
    need(call, "s3:ListBucketVersions", bucketArn(bucket), { "s3:prefix": query.has("prefix") ? [prefix] : [] });
    const entries: Xml[] = [];
    for (const key of store.keys(bucket, prefix)) {
      store.versions(bucket, key).forEach((version, index) => {
        entries.push([
          version.deleted === true ? "DeleteMarker" : "Version",
          [
            ["Key", key],
            ["VersionId", version.versionId],
            ["IsLatest", index === 0],
            ["LastModified", new Date(version.modifiedAt).toISOString()],
            version.deleted === true ? undefined : ["ETag", `"${version.etag}"`],
            version.deleted === true ? undefined : ["Size", version.size],
          ],
        ]);
      });
    }
    sendXml(call.response, 200, [
      "ListVersionsResult",
      [["Name", bucket], ["Prefix", prefix], ["IsTruncated", false], ...entries],
    ]);
  };

  const createUpload = (target: Target): void => {
    const { call, bucket, key } = target;
    need(call, "s3:PutObject", objectArn(bucket, key));
    call.request.resume();
    const uploadId = randomBytes(24).toString("hex");
    uploads.set(uploadId, { bucket, key, headers: keptHeaders(call.request), parts: new Map() });
    sendXml(call.response, 200, [
      "InitiateMultipartUploadResult",
      [
        ["Bucket", bucket],
        ["Key", key],
        ["UploadId", uploadId],
      ],
    ]);
  };

  const uploadOf = (target: Target): readonly [string, Upload] => {
    const uploadId = target.query.get("uploadId") ?? "";
    const upload = uploads.get(uploadId);
    if (upload === undefined || upload.bucket !== target.bucket || upload.key !== target.key) {
      throw new S3Error(
        404,
        "NoSuchUpload",
        "The specified upload does not exist. It may have been completed or aborted.",
      );
    }
    return [uploadId, upload];
  };

  const uploadPart = async (target: Target): Promise<void> => {
    const { call, bucket, key, query } = target;
    need(call, "s3:PutObject", objectArn(bucket, key));
    const number = z.coerce.number().int().min(1).max(10_000).parse(query.get("partNumber"));
    const [uploadId, upload] = uploadOf(target);
    const { content, checksums } = await receive(store, call.request);
    const before = upload.parts.get(number);
    upload.parts.set(number, content);
    if (before !== undefined) await store.drop([before.blob]);
    if (!uploads.has(uploadId)) await store.drop([content.blob]);
    call.response.writeHead(200, { etag: `"${content.md5}"`, ...checksums });
    call.response.end();
  };

  const completeUpload = async (target: Target): Promise<void> => {
    const { call, bucket, key } = target;
    need(call, "s3:PutObject", objectArn(bucket, key));
    const document = (await readBody(call.request)).toString("utf8");
    const [uploadId, upload] = uploadOf(target);
    const blobs: Blob[] = [];
    for (const entry of elementsOf(document, "Part")) {
      const number = Number(elementsOf(entry, "PartNumber")[0]);
      const part = upload.parts.get(number);
      const etag = elementsOf(entry, "ETag")[0]?.replaceAll('"', "");
      if (part === undefined || part.md5 !== etag) {
        throw new S3Error(400, "InvalidPart", `Part ${number} could not be found, or its ETag does not match.`);
      }
      blobs.push(part);
    }
    if (blobs.length === 0) throw new S3Error(400, "MalformedXML", "The upload is completed with no part.");
    if (blobs.slice(0, -1).some((blob) => blob.size < 5 * 1024 * 1024)) {
      throw new S3Error(400, "EntityTooSmall", "Every part but the last must have at least 5 MiB.");
    }
    checkWriteConditions(call.request, store.find(bucket, key));
    uploads.delete(uploadId);
    const digest = createHash("md5");
    for (const blob of blobs) digest.update(blob.md5, "hex");
    const version = await store.put(bucket, key, {
      etag: `${digest.digest("hex")}-${blobs.length}`,
      headers: upload.headers,
      parts: blobs.map(({ blob, size }) => ({ blob, size })),
    });
    const used = new Set(blobs.map((blob) => blob.blob));
    await store.drop([...upload.parts.values()].map((part) => part.blob).filter((blob) => !used.has(blob)));
    sendXml(
      call.response,
      200,
      [
        "CompleteMultipartUploadResult",
        [
          ["Location", `/${bucket}/${encodeURIComponent(key)}`],
          ["Bucket", bucket],
          ["Key", key],
          ["ETag", `"${version.etag}"`],
        ],
      ],
      versionHeaders(bucket, version),
    );
    created(target, version, "CompleteMultipartUpload");
  };

  const abortUpload = async (target: Target): Promise<void> => {
    const { call, bucket, key } = target;
    need(call, "s3:AbortMultipartUpload", objectArn(bucket, key));
    const [uploadId, upload] = uploadOf(target);
    uploads.delete(uploadId);
    await store.drop([...upload.parts.values()].map((part) => part.blob));
    call.response.writeHead(204);
    call.response.end();
  };

  const listParts = (target: Target): void => {
    need(target.call, "s3:ListMultipartUploadParts", objectArn(target.bucket, target.key));
    const [uploadId, upload] = uploadOf(target);
    sendXml(target.call.response, 200, [
      "ListPartsResult",
      [
        ["Bucket", upload.bucket],
        ["Key", upload.key],
        ["UploadId", uploadId],
        ["IsTruncated", false],
        ...[...upload.parts]
          .toSorted(([left], [right]) => left - right)
          .map(
            ([number, part]): Xml => [
              "Part",
              [
                ["PartNumber", number],
                ["ETag", `"${part.md5}"`],
                ["Size", part.size],
              ],
            ],
          ),
      ],
    ]);
  };

  const knownBucket = (bucket: string): void => {
    if (!buckets.has(bucket)) throw new S3Error(404, "NoSuchBucket", `The bucket ${bucket} does not exist.`);
  };

  const listBuckets = (call: Call): void => {
    need(call, "s3:ListAllMyBuckets", "*");
    sendXml(call.response, 200, [
      "ListAllMyBucketsResult",
      [
        [
          "Buckets",
          [...buckets.keys()].map(
            (name): Xml => [
              "Bucket",
              [
                ["Name", name],
                ["CreationDate", new Date(0).toISOString()],
              ],
            ],
          ),
        ],
      ],
    ]);
  };

  const route = async (call: Call): Promise<void> => {
    const { request, response } = call;
    const { bucket, key, query } = addressOf(request.url ?? "/");
    const target: Target = { call, bucket, key, query };
    const operation = operationOf(request.method ?? "GET", target);
    call.count(operation ?? `${request.method} not available`);
    if (operation === "ListBuckets") return listBuckets(call);
    knownBucket(bucket);
    switch (operation) {
      case "GetObject":
      case "HeadObject":
        return getObject(target);
      case "PutObject":
        return putObject(target);
      case "DeleteObject":
        return deleteObject(target);
      case "DeleteObjects":
        return deleteObjects(target);
      case "ListObjects":
        return listObjects(target);
      case "ListObjectVersions":
        return listVersions(target);
      case "CreateMultipartUpload":
        return createUpload(target);
      case "UploadPart":
        return uploadPart(target);
      case "CompleteMultipartUpload":
        return completeUpload(target);
      case "AbortMultipartUpload":
        return abortUpload(target);
      case "ListParts":
        return listParts(target);
      case "HeadBucket":
        need(call, "s3:ListBucket", bucketArn(bucket));
        response.writeHead(200, { "x-amz-bucket-region": region });
        response.end();
        return;
      case "GetBucketLocation":
        need(call, "s3:GetBucketLocation", bucketArn(bucket));
        return sendXml(response, 200, ["LocationConstraint", ""]);
      case "GetBucketVersioning":
        need(call, "s3:GetBucketVersioning", bucketArn(bucket));
        return sendXml(response, 200, [
          "VersioningConfiguration",
          buckets.get(bucket)?.versioned === true ? [["Status", "Enabled"]] : [],
        ]);
      case undefined:
        throw new S3Error(501, "NotImplemented", `The embedded cloud cannot do this ${request.method} request of S3.`);
      default:
        return operation satisfies never;
    }
  };

  return async (call) => {
    try {
      await route(call);
    } catch (error) {
      const known = asS3Error(error);
      if (known === undefined) throw error;
      answerError(call.request, call.response, known);
    }
  };
}

/** Which of S3's operations a request is; `undefined` for one that is not offered. */
function operationOf(method: string, { bucket, key, query }: Target) {
  if (bucket === "") return method === "GET" ? "ListBuckets" : undefined;
  if (key === "") {
    if (method === "HEAD") return "HeadBucket";
    if (method === "POST" && query.has("delete")) return "DeleteObjects";
    if (method !== "GET") return undefined;
    if (query.has("location")) return "GetBucketLocation";
    if (query.has("versioning")) return "GetBucketVersioning";
    if (query.has("versions")) return "ListObjectVersions";
    const other = [...query.keys()].find((name) => !listingParameters.has(name));
    return other === undefined ? "ListObjects" : undefined;
  }
  if (query.has("tagging") || query.has("acl") || query.has("retention") || query.has("attributes")) return undefined;
  switch (method) {
    case "GET":
      return query.has("uploadId") ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "PUT":
      return query.has("uploadId") ? "UploadPart" : "PutObject";
    case "DELETE":
      return query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    case "POST":
      if (query.has("uploads")) return "CreateMultipartUpload";
      return query.has("uploadId") ? "CompleteMultipartUpload" : undefined;
    default:
      return undefined;
  }
}

const listingParameters: ReadonlySet<string> = new Set([
  "list-type",
  "prefix",
  "delimiter",
  "max-keys",
  "continuation-token",
  "start-after",
  "marker",
  "encoding-type",
  "fetch-owner",
  "x-id",
]);

/** Bucket and key of a path-style URL, taken literally: `..` and `//` are ordinary parts of a key. */
function addressOf(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, "");
  const slash = path.indexOf("/");
  try {
    return {
      bucket: decodeURIComponent(slash < 0 ? path : path.slice(0, slash)),
      key: slash < 0 ? "" : decodeURIComponent(path.slice(slash + 1)),
      query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    };
  } catch {
    throw new S3Error(400, "InvalidURI", "The key is not properly encoded.");
  }
}

const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

async function* empty(): AsyncIterable<Uint8Array> {}

/** Takes a body in, without its framing, and holds it against the checksums and the length sent with it. */
async function receive(
  store: ObjectStore,
  request: IncomingMessage,
): Promise<{ content: Blob; checksums: Record<string, string> }> {
  const framed =
    request.headers["x-amz-content-sha256"]?.toString().startsWith("STREAMING-") === true ||
    request.headers["content-encoding"]?.includes("aws-chunked") === true;
  const claimed = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith("x-amz-checksum-") && typeof value === "string") claimed.set(name, value);
  }
  const trailer = request.headers["x-amz-trailer"];
  const wanted = new Set([...claimed.keys(), ...(typeof trailer === "string" ? [trailer.toLowerCase()] : [])]);
  const sums = [...wanted].flatMap((name) => createChecksum(name) ?? []);
  const raw: AsyncIterable<Uint8Array> = request;
  const body = framed ? decodeAwsChunked(raw, (name, value) => claimed.set(name, value)) : raw;
  const content = await store.receive(
    (async function* () {
      for await (const chunk of body) {
        for (const sum of sums) sum.update(chunk);
        yield chunk;
      }
    })(),
  );
  const problem = (() => {
    for (const sum of sums) {
      const expected = claimed.get(sum.name);
      if (expected !== undefined && expected !== sum.digest())
        return new S3Error(400, "BadDigest", `The ${sum.name} you specified did not match the calculated checksum.`);
    }
    const md5 = request.headers["content-md5"];
    if (typeof md5 === "string" && Buffer.from(md5, "base64").toString("hex") !== content.md5) {
      return new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    const length =
      request.headers["x-amz-decoded-content-length"] ?? (framed ? undefined : request.headers["content-length"]);
    if (length !== undefined && Number(length) !== content.size) {
      return new S3Error(400, "IncompleteBody", "You did not provide the number of bytes the request promised.");
    }
    return undefined;
  })();
  if (problem !== undefined) {
    await store.drop([content.blob]);
    throw problem;
  }
  const checksums = Object.fromEntries([...claimed].filter(([name]) => /^x-amz-checksum-(crc|sha)/.test(name)));
  return { content, checksums };
}

interface Checksum {
  readonly name: string;
  update(chunk: Uint8Array): void;
  digest(): string;
}

/** Those checksums that Node can compute; the others (CRC32C, CRC64NVME) are taken on trust over loopback. */
function createChecksum(name: string): Checksum | undefined {
  const hashed = (hash: Hash): Checksum => ({
    name,
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => hash.digest("base64"),
  });
  switch (name) {
    case "x-amz-checksum-crc32": {
      let value = 0;
      return {
        name,
        update: (chunk) => {
          value = crc32(chunk, value);
        },
        digest: () => {
          const bytes = Buffer.alloc(4);
          bytes.writeUInt32BE(value);
          return bytes.toString("base64");
        },
      };
    }
    case "x-amz-checksum-sha1":
      return hashed(createHash("sha1"));
    case "x-amz-checksum-sha256":
      return hashed(createHash("sha256"));
    default:
      return undefined;
  }
}

/** The request's headers that are the object's own from then on. */
function keptHeaders(request: IncomingMessage): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== "string") continue;
    if (
      /^(content-type|cache-control|content-disposition|content-language)$/.test(name) ||
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

function checkReadConditions(
  request: IncomingMessage,
  version: Version,
  headers: Readonly<Record<string, string>>,
): void {
  const match = request.headers["if-match"];
  if (match !== undefined && match !== "*" && !sameTag(match, version)) {
    throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  }
  const noneMatch = request.headers["if-none-match"];
  if (noneMatch !== undefined && (noneMatch === "*" || sameTag(noneMatch, version))) {
    throw new S3Error(304, "NotModified", "Not modified.", headers);
  }
}

function checkWriteConditions(request: IncomingMessage, current: Version | undefined): void {
  const present = current !== undefined && current.deleted !== true ? current : undefined;
  const noneMatch = request.headers["if-none-match"];
  const match = request.headers["if-match"];
  if (match !== undefined && present === undefined)
    throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  if (
    (noneMatch === "*" && present !== undefined) ||
    (match !== undefined && present !== undefined && !sameTag(match, present))
  ) {
    throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  }
}

function sameTag(header: string, version: Version): boolean {
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === version.etag);
}

function rangeOf(request: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) {
    throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
      "content-range": `bytes */${size}`,
    });
  }
  return { start, end };
}

function asS3Error(error: unknown): S3Error | undefined {
  if (error instanceof S3Error) return error;
  if (error instanceof MalformedBody) return new S3Error(400, "IncompleteBody", error.message);
  if (error instanceof z.ZodError) return new S3Error(400, "InvalidArgument", "A parameter of the request is invalid.");
  return undefined;
}

function answerError(request: IncomingMessage, response: ServerResponse, error: S3Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  request.resume();
  if (request.method === "HEAD" || error.status === 304) {
    response.writeHead(error.status, error.headers);
    response.end();
    return;
  }
  sendXml(
    response,
    error.status,
    [
      "Error",
      [
        ["Code", error.code],
        ["Message", error.message],
        ["RequestId", randomBytes(8).toString("hex").toUpperCase()],
      ],
    ],
    error.headers,
  );
}
