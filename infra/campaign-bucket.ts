import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { folders } from "../shared/ports/bucket-layout.ts";

export interface CampaignBucketProps {
  /** How long a campaign's working data may be needed, in days. */
  readonly retainDays: number;
  /** Told of every object created under `campaigns/` and `check/`. */
  readonly uploads: Queue;
}

/** Room after the last day on which the reporter may still read a plan, so that the lifecycle never races it. */
const workSlackDays = 7;

/** The bucket people upload campaigns to and find reports in: private, versioned, kept when the stack goes. */
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
      lifecycleRules: [
        {
          id: "work-is-short-lived",
          prefix: folders.work,
          expiration: Duration.days(props.retainDays + workSlackDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: "old-versions",
          noncurrentVersionExpiration: Duration.days(props.retainDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    // Otherwise the bucket would outlive the policy that demands TLS.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Access logs would need a second bucket to be kept for ever; every write leaves a version, and an account that must log reads has CloudTrail's data events.",
    });
    this.announceUploads(props.uploads);
  }

  /**
   * The notification is written into the bucket itself: the L2's `addEventNotification` would bring a custom resource.
   * S3 tries the queue when the bucket is created, so the queue's policy must be there first; and as it cannot name a
   * bucket that is yet to come, it names the account.
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
