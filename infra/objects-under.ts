import { Stack, Validations } from "aws-cdk-lib";
import { type Bucket, CfnBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";
import type { pageFolder } from "../shared/console/page-folder.ts";
import type { Folder } from "../shared/ports/bucket-layout.ts";

/** A folder of the campaign bucket, or the page's bucket's one. */
export type AnyFolder = Folder | typeof pageFolder;

/** The ARNs of all objects in `folders`, for a policy of `holder`. Acknowledges the wildcards there for cdk-nag. */
export function objectsUnder(holder: IConstruct, bucket: Bucket, ...folders: readonly AnyFolder[]): string[] {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error("The bucket construct has no AWS::S3::Bucket.");
  const logicalId = Stack.of(bucket).getLogicalId(resource);
  return folders.map((folder) => {
    Validations.of(holder).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${folder}*]`,
      reason: `Objects in ${folder} are named by people and campaigns; the folder is the limit.`,
    });
    return bucket.arnForObjects(`${folder}*`);
  });
}
