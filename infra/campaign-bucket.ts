import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { folders } from "../shared/ports/bucket-layout.ts";
import { expiries } from "./decided.ts";

/** Props of the campaign bucket. */
export interface CampaignBucketProps {
  /** How long lists, checks, attachments and reports are kept, in days. */
  readonly keepDays: number;
  /** How long a campaign's working data may be needed, in days. */
  readonly retainDays: number;
  /** Gets a message for every object created under `campaigns/` and `check/`. */
  readonly uploads: Queue;
}

/** What the rule for all objects does besides. */
const leftovers = { abortIncompleteMultipartUploadAfter: Duration.days(1), expiredObjectDeleteMarker: true } as const;

/** The bucket that people upload campaigns to and find reports in: private, versioned, kept when the stack is deleted. */
export class CampaignBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: CampaignBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: expiries(props).map(({ id, prefix, days, noncurrentDays }) => ({
        id,
        prefix,
        expiration: days === undefined ? undefined : Duration.days(days),
        noncurrentVersionExpiration: Duration.days(noncurrentDays),
        ...(prefix === undefined ? leftovers : {}),
      })),
    });
    // Otherwise the bucket would outlive the policy that requires TLS.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Access logs would need a second bucket to be kept for ever; every write leaves a version, and an account that must log reads has CloudTrail's data events.",
    });
    this.announceUploads(props.uploads);
  }

  /**
   * The notification is a property of the bucket itself: the L2's `addEventNotification` would add a custom resource.
   * S3 tests the queue when the bucket is created, so the queue's policy must exist first; and because it cannot name a
   * bucket that does not exist yet, it names the account.
   */
  private announceUploads(uploads: Queue): void {
    const permission = uploads.addToResourcePolicy(s3MaySend(uploads, Stack.of(this).account));
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new Error("The bucket construct has no AWS::S3::Bucket of its own.");
    resource.notificationConfiguration = {
      queueConfigurations: [folders.campaigns, folders.check].map((prefix) => ({
        event: "s3:ObjectCreated:*",
        queue: uploads.queueArn,
        filter: { s3Key: { rules: [{ name: "prefix", value: prefix }] } },
      })),
    };
    if (permission.policyDependable !== undefined) resource.node.addDependency(permission.policyDependable);
  }
}

const s3MaySend = (queue: Queue, account: string) =>
  new PolicyStatement({
    sid: "BucketAnnouncesUploads",
    principals: [new ServicePrincipal("s3.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queue.queueArn],
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  });
