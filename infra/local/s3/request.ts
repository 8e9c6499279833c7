import type { IncomingMessage } from "node:http";
import type { RequestContext } from "../gateway/access-control.ts";
import type { Call } from "../gateway/call.ts";
import { notAuthorized } from "../gateway/message-bodies.ts";
import { accountId } from "../template/resources.ts";
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
export type S3Operation = (typeof offers)[number]["operation"];

/** Carries out some of S3's operations: answers each request, or throws an `S3Error`. */
export type S3Handlers<Name extends S3Operation> = Readonly<Record<Name, (request: S3Request) => void | Promise<void>>>;

/**
 * Reads a URL literally: `..` and `//` are ordinary parts of a key. The bucket comes first in its path, or in the host's name
 * (`<bucket>.localhost`), which is how some clients ask unless told otherwise. Headers that a presigned URL carries in its
 * query (`X-Amz-Copy-Source`, `x-amz-meta-…`) become headers of the request, as on S3.
 */
export function readS3Request(call: Call, buckets: readonly string[]): S3Request {
  const url = call.request.url ?? "/";
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, "");
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1))) {
    if (/^x-amz-/i.test(name)) call.request.headers[name.toLowerCase()] ??= value;
    else query.append(name, value);
  }
  const inHost = buckets.find((name) => call.request.headers.host?.startsWith(`${name}.`) === true);
  return { call, query, ...splitPath(inHost === undefined ? path : `${inHost}/${path}`) };
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

/** How a request for an operation looks. */
interface Offer {
  readonly operation: string;
  readonly method: string;
  readonly of: "account" | "bucket" | "object";
  /** Parameters of the query that make it this operation. */
  readonly named?: readonly string[];
  /** Further parameters that it honours. A request with any other is not for this operation. */
  readonly takes?: readonly string[];
}

const reading = [
  "versionId",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
] as const;
const paging = ["prefix", "delimiter", "encoding-type"] as const;

/**
 * What is offered. S3 adds features by adding parameters, and a parameter that is overlooked turns one request into
 * another: a part into a whole object, an access list into its content. So each operation names all that it honours.
 */
const offers = [
  { operation: "ListBuckets", method: "GET", of: "account" },
  { operation: "CreateBucket", method: "PUT", of: "bucket" },
  { operation: "HeadBucket", method: "HEAD", of: "bucket" },
  { operation: "GetBucketAcl", method: "GET", of: "bucket", named: ["acl"] },
  { operation: "GetBucketLocation", method: "GET", of: "bucket", named: ["location"] },
  { operation: "GetBucketVersioning", method: "GET", of: "bucket", named: ["versioning"] },
  {
    operation: "ListObjects",
    method: "GET",
    of: "bucket",
    takes: [...paging, "list-type", "max-keys", "continuation-token", "start-after", "marker", "fetch-owner"],
  },
  {
    operation: "ListObjectVersions",
    method: "GET",
    of: "bucket",
    named: ["versions"],
    takes: [...paging, "max-keys", "key-marker", "version-id-marker"],
  },
  {
    operation: "ListMultipartUploads",
    method: "GET",
    of: "bucket",
    named: ["uploads"],
    takes: [...paging, "max-uploads", "key-marker", "upload-id-marker"],
  },
  { operation: "DeleteObjects", method: "POST", of: "bucket", named: ["delete"] },
  { operation: "GetObject", method: "GET", of: "object", takes: reading },
  { operation: "HeadObject", method: "HEAD", of: "object", takes: reading },
  { operation: "GetObjectAcl", method: "GET", of: "object", named: ["acl"], takes: ["versionId"] },
  { operation: "GetObjectTagging", method: "GET", of: "object", named: ["tagging"], takes: ["versionId"] },
  { operation: "PutObject", method: "PUT", of: "object" },
  { operation: "DeleteObject", method: "DELETE", of: "object", takes: ["versionId"] },
  { operation: "CreateMultipartUpload", method: "POST", of: "object", named: ["uploads"] },
  { operation: "UploadPart", method: "PUT", of: "object", named: ["uploadId", "partNumber"] },
  {
    operation: "ListParts",
    method: "GET",
    of: "object",
    named: ["uploadId"],
    takes: ["max-parts", "part-number-marker"],
  },
  { operation: "CompleteMultipartUpload", method: "POST", of: "object", named: ["uploadId"] },
  { operation: "AbortMultipartUpload", method: "DELETE", of: "object", named: ["uploadId"] },
] as const satisfies readonly Offer[];

/** Which of S3's operations a request asks for; `undefined` for one that is not offered. */
export function operationOf({ call, bucket, key, query }: S3Request): S3Operation | undefined {
  const method = call.request.method ?? "GET";
  const of = bucket === "" ? "account" : key === "" ? "bucket" : "object";
  // The SDK adds the operation's name, under `x-id`, where another request would look the same.
  const asked = [...query.keys()].filter((name) => name !== "x-id");
  const fits = ({ named = [], takes = [], ...offer }: Offer) =>
    offer.method === method &&
    offer.of === of &&
    named.every((name) => asked.includes(name)) &&
    asked.every((name) => named.includes(name) || takes.includes(name));
  return offers.find(fits)?.operation;
}

/** What a request that is not offered asks for, in words. */
export function unofferedRequest({ call, bucket, key, query }: S3Request): string {
  const of = bucket === "" ? "the account" : key === "" ? "a bucket" : "an object";
  const asked = [...new Set(query.keys())].filter((name) => name !== "x-id").map((name) => `?${name}`);
  return `${call.request.method ?? "GET"} of ${of}${asked.length === 0 ? "" : ` with ${asked.join(", ")}`}`;
}

/** Headers that change what a request does, and that are not honoured here. */
const unhonoured =
  /^x-amz-(tagging-directive|mfa|website-redirect-location|write-offset-bytes|object-lock-.*|bypass-governance-retention|(copy-source-)?server-side-encryption-customer-.*)$/;

/** The tags that a request's `x-amz-tagging` gives an object. Throws an `S3Error` for more than ten, as S3 does. */
export function requestTags({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const tags = Object.fromEntries(new URLSearchParams(headers["x-amz-tagging"]?.toString() ?? ""));
  if (Object.keys(tags).length <= 10) return tags;
  throw new S3Error(400, "BadRequest", "Object tags cannot be greater than 10");
}

/** Throws an `S3Error` where a request would have an object tagged by an operation that does not do that here. */
export function refuseTags({ headers }: IncomingMessage): void {
  if (headers["x-amz-tagging"] === undefined) return;
  throw new S3Error(501, "NotImplemented", "The embedded cloud's S3 tags only objects that are put whole.");
}

/** Throws an `S3Error` when a header asks for something that would silently not be done. */
export function refuseUnhonouredHeaders({ headers }: IncomingMessage): void {
  const name = Object.keys(headers).find((header) => unhonoured.test(header));
  if (name !== undefined) {
    throw new S3Error(501, "NotImplemented", `The embedded cloud's S3 does not offer what ${name} asks for.`);
  }
  if (headers["x-amz-server-side-encryption"]?.toString().startsWith("aws:") === true) {
    throw new S3Error(501, "NotImplemented", "The embedded cloud's S3 has no KMS to encrypt with.");
  }
  const acl = headers["x-amz-acl"]?.toString() ?? "private";
  if (!harmlessAcls.has(acl) || Object.keys(headers).some((header) => header.startsWith("x-amz-grant-"))) {
    throw new S3Error(400, "AccessControlListNotSupported", "The bucket does not allow ACLs.");
  }
  const owner = headers["x-amz-expected-bucket-owner"] ?? accountId;
  if (owner !== accountId) throw new S3Error(403, "AccessDenied", `The bucket belongs to the account ${accountId}.`);
}

/** Access lists that give nobody but the owner a right, as some clients send them with every object. */
const harmlessAcls: ReadonlySet<string> = new Set(["private", "bucket-owner-full-control", "bucket-owner-read"]);

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
  return { bucket, key, version, by, principalId: `AWS:${call.userId}` };
}
