import { region } from "../template/resources.ts";
import { bucketArn, requirePermission, type S3Handlers } from "./request.ts";
import { owner, sendOwnersAcl, sendResult } from "./result.ts";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

/** The buckets there are. */
export interface S3Buckets {
  readonly names: readonly string[];
  /** Throws an `S3Error` when there is no such bucket. */
  require(bucket: string): void;
  isVersioned(bucket: string): boolean;
  /** The header that names a version; none for a bucket without versions. */
  versionHeaders(bucket: string, version: Version | undefined): Record<string, string>;
}

/** The buckets of a stack, by name. */
export function createBuckets(buckets: readonly { readonly name: string; readonly versioned: boolean }[]): S3Buckets {
  const versionedByName = new Map(buckets.map((bucket) => [bucket.name, bucket.versioned]));
  const isVersioned = (bucket: string) => versionedByName.get(bucket) === true;
  return {
    names: [...versionedByName.keys()],
    require: (bucket) => {
      if (versionedByName.has(bucket)) return;
      throw new S3Error(404, "NoSuchBucket", `The bucket ${bucket} does not exist.`);
    },
    isVersioned,
    versionHeaders: (bucket, version): Record<string, string> =>
      version !== undefined && isVersioned(bucket) ? { "x-amz-version-id": version.versionId } : {},
  };
}

/** What S3 says about the buckets themselves. */
export function createBucketOperations(
  buckets: S3Buckets,
): S3Handlers<
  "ListBuckets" | "CreateBucket" | "HeadBucket" | "GetBucketAcl" | "GetBucketLocation" | "GetBucketVersioning"
> {
  return {
    ListBuckets: ({ call }) => {
      requirePermission(call, "s3:ListAllMyBuckets", "*");
      const listed = buckets.names.map((name) => ({ Name: name, CreationDate: new Date(0).toISOString() }));
      sendResult(call.response, "ListAllMyBucketsResult", { Owner: owner, Buckets: { Bucket: listed } });
    },
    // Clients create a bucket before they copy into it, and go on when it is theirs already.
    CreateBucket: ({ call, bucket }) => {
      requirePermission(call, "s3:CreateBucket", bucketArn(bucket));
      if (buckets.names.includes(bucket)) {
        const message = "Your previous request to create the named bucket succeeded and you already own it.";
        throw new S3Error(409, "BucketAlreadyOwnedByYou", message);
      }
      const message = `The embedded cloud makes no buckets; it has ${buckets.names.join(", ")}.`;
      throw new S3Error(501, "NotImplemented", message);
    },
    HeadBucket: ({ call, bucket }) => {
      requirePermission(call, "s3:ListBucket", bucketArn(bucket));
      call.response.writeHead(200, { "x-amz-bucket-region": region });
      call.response.end();
    },
    GetBucketAcl: ({ call, bucket }) => {
      requirePermission(call, "s3:GetBucketAcl", bucketArn(bucket));
      sendOwnersAcl(call.response);
    },
    GetBucketLocation: ({ call, bucket }) => {
      requirePermission(call, "s3:GetBucketLocation", bucketArn(bucket));
      // S3's way to say us-east-1.
      sendResult(call.response, "LocationConstraint", {});
    },
    GetBucketVersioning: ({ call, bucket }) => {
      requirePermission(call, "s3:GetBucketVersioning", bucketArn(bucket));
      const Status = buckets.isVersioned(bucket) ? "Enabled" : undefined;
      sendResult(call.response, "VersioningConfiguration", { Status });
    },
  };
}
