import { pipeline } from "node:stream/promises";
import { notAuthorized } from "../gateway/message-bodies.ts";
import { elementsOf, sendXml, type XmlChildren } from "../gateway/xml.ts";
import type { ObjectCreated } from "./bucket-events.ts";
import type { S3Buckets } from "./buckets.ts";
import { checkReadConditions, checkWriteConditions, rangeOf } from "./conditions.ts";
import type { ObjectStore } from "./object-store.ts";
import { objectHeaders, receiveBody } from "./receive.ts";
import {
  bucketArn,
  objectArn,
  objectCreated,
  requirePermission,
  type S3Handlers,
  type S3Request,
  splitPath,
} from "./request.ts";
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
): S3Handlers<"GetObject" | "HeadObject" | "PutObject" | "DeleteObject" | "DeleteObjects"> {
  return {
    GetObject: (request) => getObject(deps, request),
    HeadObject: (request) => getObject(deps, request),
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
  requirePermission(call, "s3:PutObject", objectArn(bucket, key));
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
    parts: [{ blob: content.blob, size: content.size }],
  });
  response.writeHead(200, { etag: `"${version.etag}"`, ...checksums, ...buckets.versionHeaders(bucket, version) });
  response.end();
  onCreated(objectCreated(target, version, "Put"));
}

async function copyObject(deps: ObjectDeps, target: S3Request, source: string): Promise<void> {
  const { store, buckets, onCreated } = deps;
  const { call, bucket, key } = target;
  const [path = "", query = ""] = source.replace(/^\//, "").split("?");
  const from: S3Request = { call, ...splitPath(path), query: new URLSearchParams(query) };
  buckets.require(from.bucket);
  const original = existingVersion(store, buckets, from);
  const copied = await store.receive(original.size === 0 ? empty() : store.read(original, 0, original.size - 1));
  const replaceHeaders = call.request.headers["x-amz-metadata-directive"] === "REPLACE";
  const version = await store.put(bucket, key, {
    etag: copied.md5,
    headers: replaceHeaders ? objectHeaders(call.request) : original.headers,
    parts: [{ blob: copied.blob, size: copied.size }],
  });
  const result = { LastModified: new Date(version.modifiedAt).toISOString(), ETag: `"${version.etag}"` };
  sendXml(call.response, 200, { CopyObjectResult: result }, buckets.versionHeaders(bucket, version));
  onCreated(objectCreated(target, version, "Copy"));
}

async function* empty(): AsyncIterable<Uint8Array> {}

async function deleteObject({ store, buckets }: ObjectDeps, target: S3Request): Promise<void> {
  const { call, bucket, key, query } = target;
  const versionId = query.get("versionId");
  requirePermission(call, versionId === null ? "s3:DeleteObject" : "s3:DeleteObjectVersion", objectArn(bucket, key));
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
  const document = (await call.body()).toString("utf8");
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
    if (versionId === undefined) await store.remove(bucket, key);
    else await store.removeVersion(bucket, key, versionId);
    if (!quiet) deleted.push({ Key: key });
  }
  sendXml(call.response, 200, { DeleteResult: { Deleted: deleted, Error: errors } });
}
