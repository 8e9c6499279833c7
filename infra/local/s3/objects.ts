import { pipeline } from "node:stream/promises";
import { notAuthorized } from "../gateway/message-bodies.ts";
import { elementsOf, type XmlChildren } from "../gateway/xml.ts";
import type { ReceivedContent } from "./blobs.ts";
import type { ObjectCreated } from "./bucket-events.ts";
import type { S3Buckets } from "./buckets.ts";
import {
  checkReadConditions,
  checkSourceConditions,
  checkWriteConditions,
  rangeOf,
  rangeToCopy,
  sameTag,
} from "./conditions.ts";
import type { ObjectStore } from "./object-store.ts";
import { objectHeaders, readDocument, receiveBody } from "./receive.ts";
import {
  bucketArn,
  objectArn,
  objectCreated,
  refuseTags,
  requestTags,
  requirePermission,
  type S3Handlers,
  type S3Request,
  splitPath,
} from "./request.ts";
import { sendOwnersAcl, sendResult } from "./result.ts";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

/** Dependencies of operations that create objects. */
export interface ObjectDeps {
  readonly store: ObjectStore;
  readonly buckets: S3Buckets;
  /** Called once the object is on disk; the answer does not wait for it. */
  readonly onCreated: (created: ObjectCreated) => void;
}

/** Reading, writing and deleting objects and their versions. */
export function createObjectOperations(
  deps: ObjectDeps,
): S3Handlers<
  "GetObject" | "HeadObject" | "GetObjectAcl" | "GetObjectTagging" | "PutObject" | "DeleteObject" | "DeleteObjects"
> {
  const { store, buckets } = deps;
  return {
    GetObject: (request) => getObject(deps, request),
    HeadObject: (request) => getObject(deps, request),
    GetObjectAcl: (request) => {
      requirePermission(request.call, "s3:GetObjectAcl", objectArn(request.bucket, request.key));
      existingVersion(store, buckets, request);
      sendOwnersAcl(request.call.response);
    },
    GetObjectTagging: (request) => {
      const action = request.query.has("versionId") ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
      requirePermission(request.call, action, objectArn(request.bucket, request.key));
      const { tags = {} } = existingVersion(store, buckets, request);
      const tagged = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      sendResult(request.call.response, "Tagging", { TagSet: tagged.length === 0 ? {} : { Tag: tagged } });
    },
    PutObject: (request) => putObject(deps, request),
    DeleteObject: (request) => deleteObject(deps, request),
    DeleteObjects: (request) => deleteObjects(deps, request),
  };
}

async function getObject({ store, buckets }: ObjectDeps, target: S3Request): Promise<void> {
  const { request, response } = target.call;
  const version = existingVersion(store, buckets, target);
  const headers = {
    ...version.headers,
    ...buckets.versionHeaders(target.bucket, version),
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.modifiedAt).toUTCString(),
    "accept-ranges": "bytes",
    ...askedHeaders(target.query),
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
}

/** The headers that the query asks the answer to have, such as `response-content-type`. */
function askedHeaders(query: URLSearchParams): Record<string, string> {
  const prefix = "response-";
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
}

/** The version a read asks for. When it doesn't exist, S3 says so only to callers who may list the bucket. */
function existingVersion(store: ObjectStore, buckets: S3Buckets, target: S3Request): Version {
  const { call, bucket, key, query } = target;
  const versionId = query.get("versionId") ?? undefined;
  requirePermission(call, versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion", objectArn(bucket, key));
  const version = store.find(bucket, key, versionId);
  if (version !== undefined && version.deleted !== true) return version;
  if (!call.wouldAllow("s3:ListBucket", bucketArn(bucket))) {
    throw new S3Error(403, "AccessDenied", notAuthorized(call.principal, "s3:ListBucket", bucketArn(bucket)));
  }
  const marker = {
    ...buckets.versionHeaders(bucket, version),
    ...(version !== undefined && { "x-amz-delete-marker": "true" }),
  };
  if (version !== undefined && versionId !== undefined) {
    throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", marker);
  }
  throw versionId === undefined
    ? new S3Error(404, "NoSuchKey", "The specified key does not exist.", marker)
    : new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
}

async function putObject(deps: ObjectDeps, target: S3Request): Promise<void> {
  const { store, buckets, onCreated } = deps;
  const { call, bucket, key } = target;
  const { request, response } = call;
  const tags = requestTags(request);
  const context = Object.fromEntries(
    Object.entries(tags).map(([tag, value]) => [`s3:RequestObjectTag/${tag}`, [value]]),
  );
  requirePermission(call, "s3:PutObject", objectArn(bucket, key), context);
  const tagged = Object.keys(tags).length > 0;
  if (tagged) requirePermission(call, "s3:PutObjectTagging", objectArn(bucket, key), context);
  const source = request.headers["x-amz-copy-source"];
  if (typeof source === "string") return copyObject(deps, target, source);
  const { content, checksums } = await receiveBody(store, request);
  try {
    checkWriteConditions(request, store.find(bucket, key));
  } catch (error) {
    await store.drop([content.blob]);
    throw error;
  }
  const version = await store.put(bucket, key, {
    etag: content.md5,
    headers: objectHeaders(request),
    ...(tagged && { tags }),
    parts: [{ blob: content.blob, size: content.size }],
  });
  response.writeHead(200, { etag: `"${version.etag}"`, ...checksums, ...buckets.versionHeaders(bucket, version) });
  response.end();
  onCreated(objectCreated(target, version, "Put"));
}

async function copyObject(deps: ObjectDeps, target: S3Request, source: string): Promise<void> {
  const { store, buckets, onCreated } = deps;
  const { call, bucket, key } = target;
  refuseTags(call.request);
  if (call.request.headers["x-amz-copy-source-range"] !== undefined) {
    throw new S3Error(400, "InvalidArgument", "Only a part of a multipart upload can be copied from a range.");
  }
  const original = versionToCopy(deps, target, source);
  checkWriteConditions(call.request, store.find(bucket, key));
  call.request.resume();
  const copied = await store.receive(original.size === 0 ? empty() : store.read(original, 0, original.size - 1));
  const replaceHeaders = call.request.headers["x-amz-metadata-directive"] === "REPLACE";
  const version = await store.put(bucket, key, {
    etag: copied.md5,
    headers: replaceHeaders ? objectHeaders(call.request) : original.headers,
    parts: [{ blob: copied.blob, size: copied.size }],
  });
  const result = { LastModified: new Date(version.modifiedAt).toISOString(), ETag: `"${version.etag}"` };
  sendResult(call.response, "CopyObjectResult", result, buckets.versionHeaders(bucket, version));
  onCreated(objectCreated(target, version, "Copy"));
}

/** Copies what a part's `x-amz-copy-source` and its range name. */
export async function receiveCopy(deps: ObjectDeps, target: S3Request, source: string): Promise<ReceivedContent> {
  const original = versionToCopy(deps, target, source);
  const range = rangeToCopy(target.call.request, original.size);
  target.call.request.resume();
  const { start, end } = range ?? { start: 0, end: original.size - 1 };
  return deps.store.receive(start > end ? empty() : deps.store.read(original, start, end));
}

/** The version that an `x-amz-copy-source` names, if the conditions on it hold. */
function versionToCopy({ store, buckets }: ObjectDeps, { call }: S3Request, source: string): Version {
  const [path = "", query = ""] = source.replace(/^\//, "").split("?");
  const from: S3Request = { call, ...splitPath(path), query: new URLSearchParams(query) };
  buckets.require(from.bucket);
  const original = existingVersion(store, buckets, from);
  checkSourceConditions(call.request, original);
  return original;
}

async function* empty(): AsyncIterable<Uint8Array> {}

async function deleteObject({ store, buckets }: ObjectDeps, target: S3Request): Promise<void> {
  const { call, bucket, key, query } = target;
  const versionId = query.get("versionId");
  requirePermission(call, versionId === null ? "s3:DeleteObject" : "s3:DeleteObjectVersion", objectArn(bucket, key));
  checkWriteConditions(call.request, store.find(bucket, key, versionId ?? undefined));
  const headers: Record<string, string> = {};
  if (versionId === null) {
    const marker = await store.remove(bucket, key);
    if (marker !== undefined) {
      Object.assign(headers, buckets.versionHeaders(bucket, marker), { "x-amz-delete-marker": "true" });
    }
  } else {
    await store.removeVersion(bucket, key, versionId);
    headers["x-amz-version-id"] = versionId;
  }
  call.response.writeHead(204, headers);
  call.response.end();
}

async function deleteObjects({ store }: ObjectDeps, { call, bucket }: S3Request): Promise<void> {
  const document = await readDocument(call.request);
  const quiet = elementsOf(document, "Quiet")[0] === "true";
  const deleted: XmlChildren[] = [];
  const errors: XmlChildren[] = [];
  for (const entry of elementsOf(document, "Object")) {
    const key = elementsOf(entry, "Key")[0] ?? "";
    const versionId = elementsOf(entry, "VersionId")[0];
    const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
    if (!call.allows(action, objectArn(bucket, key))) {
      const message = notAuthorized(call.principal, action, objectArn(bucket, key));
      errors.push({ Key: key, Code: "AccessDenied", Message: message });
      continue;
    }
    const tag = elementsOf(entry, "ETag")[0];
    const current = store.find(bucket, key, versionId);
    if (tag !== undefined && current !== undefined && !sameTag(tag, current)) {
      errors.push({ Key: key, Code: "PreconditionFailed", Message: "The object has another ETag." });
      continue;
    }
    if (versionId === undefined) await store.remove(bucket, key);
    else await store.removeVersion(bucket, key, versionId);
    if (!quiet) deleted.push({ Key: key });
  }
  sendResult(call.response, "DeleteResult", { Deleted: deleted, Error: errors });
}
