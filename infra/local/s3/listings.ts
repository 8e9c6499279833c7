import { sendXml, type XmlChildren } from "../gateway/xml.ts";
import type { ObjectStore } from "./object-store.ts";
import { bucketArn, requirePermission, type S3Handlers, type S3Request } from "./request.ts";
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
  const maxKeys = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
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
  const url = query.get("encoding-type") === "url";
  const encode = (text: string) => (url ? encodeURIComponent(text).replaceAll("%2F", "/") : text);
  const { objects, prefixes, last, truncated } = readPage(store, bucket, { prefix, delimiter, after, maxKeys });
  sendXml(call.response, 200, {
    ListBucketResult: {
      "@xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
      Name: bucket,
      Prefix: encode(prefix),
      MaxKeys: maxKeys,
      IsTruncated: truncated,
      Delimiter: delimiter === "" ? undefined : encode(delimiter),
      EncodingType: url ? "url" : undefined,
      KeyCount: v2 ? objects.length + prefixes.length : undefined,
      Marker: v2 ? undefined : encode(after),
      ContinuationToken: v2 ? (token ?? undefined) : undefined,
      NextContinuationToken: truncated && v2 ? Buffer.from(last, "utf8").toString("base64url") : undefined,
      NextMarker: truncated && !v2 ? encode(last) : undefined,
      Contents: objects.map(({ key, version }) => ({
        Key: encode(key),
        LastModified: new Date(version.modifiedAt).toISOString(),
        ETag: `"${version.etag}"`,
        Size: version.size,
        StorageClass: "STANDARD",
      })),
      CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
    },
  });
}

interface ListingPage {
  readonly objects: readonly { readonly key: string; readonly version: Version }[];
  /** What keys with the delimiter after the prefix are grouped by. */
  readonly prefixes: readonly string[];
  /** The last key or group on this page. */
  readonly last: string;
  readonly truncated: boolean;
}

function readPage(
  store: ObjectStore,
  bucket: string,
  listing: {
    readonly prefix: string;
    readonly delimiter: string;
    readonly after: string;
    readonly maxKeys: number;
  },
): ListingPage {
  const { prefix, delimiter, after, maxKeys } = listing;
  const objects: { key: string; version: Version }[] = [];
  const prefixes = new Set<string>();
  let last = "";
  for (const { key, version } of store.list(bucket, prefix, after)) {
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    if (common !== undefined && (prefixes.has(common) || after.startsWith(common))) continue;
    if (objects.length + prefixes.size >= maxKeys) {
      return { objects, prefixes: [...prefixes], last, truncated: maxKeys > 0 };
    }
    if (common === undefined) objects.push({ key, version });
    else prefixes.add(common);
    last = common ?? key;
  }
  return { objects, prefixes: [...prefixes], last, truncated: false };
}

function listVersions(store: ObjectStore, { call, bucket, query }: S3Request): void {
  const prefix = query.get("prefix") ?? "";
  const context = { "s3:prefix": query.has("prefix") ? [prefix] : [] };
  requirePermission(call, "s3:ListBucketVersions", bucketArn(bucket), context);
  const versions: XmlChildren[] = [];
  const markers: XmlChildren[] = [];
  for (const key of store.keys(bucket, prefix)) {
    for (const [index, version] of store.versions(bucket, key).entries()) {
      const entry = {
        Key: key,
        VersionId: version.versionId,
        IsLatest: index === 0,
        LastModified: new Date(version.modifiedAt).toISOString(),
      };
      if (version.deleted === true) markers.push(entry);
      else versions.push({ ...entry, ETag: `"${version.etag}"`, Size: version.size });
    }
  }
  sendXml(call.response, 200, {
    ListVersionsResult: { Name: bucket, Prefix: prefix, IsTruncated: false, Version: versions, DeleteMarker: markers },
  });
}
