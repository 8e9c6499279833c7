import { sendXml } from "../gateway/xml.ts";
import { region } from "../template/resources.ts";
import { bucketArn, requirePermission, type S3Handlers } from "./request.ts";
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
): S3Handlers<"ListBuckets" | "HeadBucket" | "GetBucketLocation" | "GetBucketVersioning"> {
  return {
    ListBuckets: ({ call }) => {
      requirePermission(call, "s3:ListAllMyBuckets", "*");
      const listed = buckets.names.map((name) => ({ Name: name, CreationDate: new Date(0).toISOString() }));
      sendXml(call.response, 200, { ListAllMyBucketsResult: { Buckets: { Bucket: listed } } });
    },
    HeadBucket: ({ call, bucket }) => {
      requirePermission(call, "s3:ListBucket", bucketArn(bucket));
      call.response.writeHead(200, { "x-amz-bucket-region": region });
      call.response.end();
    },
    GetBucketLocation: ({ call, bucket }) => {
      requirePermission(call, "s3:GetBucketLocation", bucketArn(bucket));
      sendXml(call.response, 200, { LocationConstraint: "" });
    },
    GetBucketVersioning: ({ call, bucket }) => {
      requirePermission(call, "s3:GetBucketVersioning", bucketArn(bucket));
      const Status = buckets.isVersioned(bucket) ? "Enabled" : undefined;
      sendXml(call.response, 200, { VersioningConfiguration: { Status } });
    },
  };
}
