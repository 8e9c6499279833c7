import type { RequestContext } from "../gateway/access-control.ts";
import type { Call } from "../gateway/call.ts";
import { notAuthorized } from "../gateway/message-bodies.ts";
import type { ObjectCreated } from "./bucket-events.ts";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

/** A call to S3 and what its URL addresses: `key` is empty for a bucket, `bucket` too for the account. */
export interface S3Request {
  readonly call: Call;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** The operations S3 offers locally. */
export type S3Operation = NonNullable<ReturnType<typeof operationOf>>;

/** Carries out some of S3's operations: answers each request, or throws an `S3Error`. */
export type S3Handlers<Name extends S3Operation> = Readonly<Record<Name, (request: S3Request) => void | Promise<void>>>;

/** Reads a path-style URL literally: `..` and `//` are ordinary parts of a key. */
export function readS3Request(call: Call): S3Request {
  const url = call.request.url ?? "/";
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, "");
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  return { call, query, ...splitPath(path) };
}

/** Splits `bucket/key` as S3 writes it in URLs and in `x-amz-copy-source`. A malformed escape is an `S3Error`. */
export function splitPath(path: string): { readonly bucket: string; readonly key: string } {
  const slash = path.indexOf("/");
  try {
    return {
      bucket: decodeURIComponent(slash < 0 ? path : path.slice(0, slash)),
      key: slash < 0 ? "" : decodeURIComponent(path.slice(slash + 1)),
    };
  } catch {
    throw new S3Error(400, "InvalidURI", "The key is not properly encoded.");
  }
}

/** Which of S3's operations a request asks for; `undefined` for one that is not offered. */
export function operationOf({ call, bucket, key, query }: S3Request) {
  const method = call.request.method ?? "GET";
  if (bucket === "") return method === "GET" ? "ListBuckets" : undefined;
  return key === "" ? bucketOperation(method, query) : objectOperation(method, query);
}

function bucketOperation(method: string, query: URLSearchParams) {
  if (method === "HEAD") return "HeadBucket";
  if (method === "POST" && query.has("delete")) return "DeleteObjects";
  if (method !== "GET") return undefined;
  if (query.has("location")) return "GetBucketLocation";
  if (query.has("versioning")) return "GetBucketVersioning";
  if (query.has("versions")) return "ListObjectVersions";
  const other = [...query.keys()].find((name) => !listingParameters.has(name));
  return other === undefined ? "ListObjects" : undefined;
}

function objectOperation(method: string, query: URLSearchParams) {
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

/** Any other parameter asks a bucket for something that isn't offered. */
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

/** The ARN of a bucket. */
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;

/** The ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

/** Throws an `S3Error` when the caller's policies do not allow the action. */
export function requirePermission(call: Call, action: string, resource: string, context?: RequestContext): void {
  if (call.allows(action, resource, context)) return;
  throw new S3Error(403, "AccessDenied", notAuthorized(call.principal, action, resource));
}

/** The event of an object that this request has created; `by` is `Put`, `Copy` or `CompleteMultipartUpload`. */
export function objectCreated({ call, bucket, key }: S3Request, version: Version, by: string): ObjectCreated {
  const principalId = call.caller.kind === "operator" ? "AWS:operator" : `AWS:AROALOCAL:${call.caller.name}`;
  return { bucket, key, version, by, principalId };
}
