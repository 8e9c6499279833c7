import * as z from "zod";
import type { XmlChildren } from "../gateway/xml.ts";
import type { ObjectStore } from "./object-store.ts";
import { bucketArn, requirePermission, type S3Handlers, type S3Request } from "./request.ts";
import { owner, sendResult } from "./result.ts";
import type { Version } from "./version.ts";

/** Listing a bucket's objects and their versions. */
export function createListings(store: ObjectStore): S3Handlers<"ListObjects" | "ListObjectVersions"> {
  return {
    ListObjects: (request) => listObjects(store, request),
    ListObjectVersions: (request) => listVersions(store, request),
  };
}

/** Both versions of ListObjects: the second pages with tokens, the first with the last key itself. */
function listObjects(store: ObjectStore, { call, bucket, query }: S3Request): void {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const v2 = query.get("list-type") === "2";
  const maxKeys = pageNumber(query.get("max-keys"), 1000);
  requirePermission(call, "s3:ListBucket", bucketArn(bucket), {
    "s3:prefix": query.has("prefix") ? [prefix] : [],
    "s3:delimiter": query.has("delimiter") ? [delimiter] : [],
    "s3:max-keys": query.has("max-keys") ? [String(maxKeys)] : [],
  });
  const token = query.get("continuation-token");
  const after =
    token === null
      ? (query.get(v2 ? "start-after" : "marker") ?? "")
      : Buffer.from(token, "base64url").toString("utf8");
  const encode = encoderFor(query);
  const found = (function* () {
    for (const { key, version } of store.list(bucket, prefix, after)) yield { key, id: "", value: version };
  })();
  const { entries, prefixes, last, truncated } = readPage(found, { prefix, delimiter, after, max: maxKeys });
  const Owner = v2 && query.get("fetch-owner") !== "true" ? undefined : owner;
  sendResult(call.response, "ListBucketResult", {
    Name: bucket,
    Prefix: encode(prefix),
    MaxKeys: maxKeys,
    IsTruncated: truncated,
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    EncodingType: query.get("encoding-type") ?? undefined,
    KeyCount: v2 ? entries.length + prefixes.length : undefined,
    Marker: v2 ? undefined : encode(after),
    StartAfter: v2 && query.has("start-after") ? encode(query.get("start-after") ?? "") : undefined,
    ContinuationToken: v2 ? (token ?? undefined) : undefined,
    NextContinuationToken: truncated && v2 ? Buffer.from(last.key, "utf8").toString("base64url") : undefined,
    NextMarker: truncated && !v2 ? encode(last.key) : undefined,
    Contents: entries.map(({ key, value: version }) => ({
      Key: encode(key),
      LastModified: new Date(version.modifiedAt).toISOString(),
      ETag: `"${version.etag}"`,
      Size: version.size,
      Owner,
      StorageClass: "STANDARD",
    })),
    CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

/** Writes keys as the request's `encoding-type` asks. Throws a `ZodError` for a type that S3 does not have. */
export function encoderFor(query: URLSearchParams): (text: string) => string {
  const type = z.literal("url").nullable().parse(query.get("encoding-type"));
  return (text) => (type === "url" ? encodeURIComponent(text).replaceAll("%2F", "/") : text);
}

/** A number in a query, at most `largest`, which also stands in unless `missing` does. Throws a `ZodError` for others. */
export function pageNumber(text: string | null, largest: number, missing = largest): number {
  if (text === null || text === "") return missing;
  return Math.min(z.coerce.number().int().min(0).parse(text), largest);
}

/** Something listed under its key; `id` tells apart those that have the same key. */
export interface ListingEntry<T> {
  readonly key: string;
  readonly id: string;
  readonly value: T;
}

interface ListingPage<T> {
  readonly entries: readonly ListingEntry<T>[];
  /** What keys with the delimiter after the prefix are grouped by. */
  readonly prefixes: readonly string[];
  /** The last entry on this page, or the last group as its key. */
  readonly last: { readonly key: string; readonly id: string | undefined };
  readonly truncated: boolean;
}

/**
 * One page of a listing: of what is found in order after `after`, up to `max` entries and groups. A group that `after`
 * belongs to was on the page before.
 */
export function readPage<T>(
  found: Iterable<ListingEntry<T>>,
  listing: { readonly prefix: string; readonly delimiter: string; readonly after: string; readonly max: number },
): ListingPage<T> {
  const { prefix, delimiter, after, max } = listing;
  const entries: ListingEntry<T>[] = [];
  const prefixes = new Set<string>();
  let last: ListingPage<T>["last"] = { key: "", id: undefined };
  for (const entry of found) {
    const cut = delimiter === "" ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : entry.key.slice(0, cut + delimiter.length);
    if (common !== undefined && (prefixes.has(common) || after.startsWith(common))) continue;
    if (entries.length + prefixes.size >= max) return { entries, prefixes: [...prefixes], last, truncated: max > 0 };
    if (common === undefined) entries.push(entry);
    else prefixes.add(common);
    last = common === undefined ? entry : { key: common, id: undefined };
  }
  return { entries, prefixes: [...prefixes], last, truncated: false };
}

function listVersions(store: ObjectStore, { call, bucket, query }: S3Request): void {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = pageNumber(query.get("max-keys"), 1000);
  requirePermission(call, "s3:ListBucketVersions", bucketArn(bucket), {
    "s3:prefix": query.has("prefix") ? [prefix] : [],
  });
  const keyMarker = query.get("key-marker") ?? "";
  const versionMarker = query.get("version-id-marker") ?? "";
  const encode = encoderFor(query);
  const found = versionsAfter(store, bucket, prefix, keyMarker, versionMarker);
  const page = readPage(found, { prefix, delimiter, after: keyMarker, max: maxKeys });
  const described = page.entries.map(({ key, id, value: { version, latest } }) => ({
    deleted: version.deleted === true,
    entry: {
      Key: encode(key),
      VersionId: id,
      IsLatest: latest,
      LastModified: new Date(version.modifiedAt).toISOString(),
      Owner: owner,
      ...(version.deleted !== true && { ETag: `"${version.etag}"`, Size: version.size, StorageClass: "STANDARD" }),
    } satisfies XmlChildren,
  }));
  sendResult(call.response, "ListVersionsResult", {
    Name: bucket,
    Prefix: encode(prefix),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: page.truncated ? encode(page.last.key) : undefined,
    NextVersionIdMarker: page.truncated ? page.last.id : undefined,
    MaxKeys: maxKeys,
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    EncodingType: query.get("encoding-type") ?? undefined,
    IsTruncated: page.truncated,
    Version: described.filter(({ deleted }) => !deleted).map(({ entry }) => entry),
    DeleteMarker: described.filter(({ deleted }) => deleted).map(({ entry }) => entry),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

/** Versions and markers in S3's order, from after a version of a key, or after the whole key when none is named. */
function* versionsAfter(
  store: ObjectStore,
  bucket: string,
  prefix: string,
  key: string,
  versionId: string,
): Iterable<ListingEntry<{ readonly version: Version; readonly latest: boolean }>> {
  const entriesOf = (name: string) =>
    store
      .versions(bucket, name)
      .map((version, index) => ({ key: name, id: version.versionId, value: { version, latest: index === 0 } }));
  if (versionId !== "" && key.startsWith(prefix)) {
    const left = entriesOf(key);
    yield* left.slice(left.findIndex(({ id }) => id === versionId) + 1);
  }
  for (const name of store.keys(bucket, prefix, key)) yield* entriesOf(name);
}
