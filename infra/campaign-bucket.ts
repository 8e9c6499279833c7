import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type Folder, folders } from "../shared/ports/bucket-layout.ts";

/** Props of the campaign bucket. */
export interface CampaignBucketProps {
  /** How long lists, checks, attachments and reports are kept, in days. */
  readonly keepDays: number;
  /** How long a campaign's working data may be needed, in days. */
  readonly retainDays: number;
  /** Gets a message for every object created under `campaigns/` and `check/`. */
  readonly uploads: Queue;
}

/** Days between the last day on which the reporter may read a plan and its expiry, so that the two never race. */
const workSlackDays = 7;

/** How long what was replaced, deleted or has expired can be brought back, in days. */
const undoDays = 7;

/** What people's data is in, apart from suppression lists, which protect people and are kept. */
const forgotten = [folders.campaigns, folders.check, folders.attachments, folders.reports] as const;

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
      lifecycleRules: [
        {
          id: "work-is-short-lived",
          prefix: folders.work,
          expiration: Duration.days(props.retainDays + workSlackDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
        ...forgotten.map((prefix) => ({
          id: `forget-${prefix.slice(0, -1)}`,
          prefix,
          expiration: Duration.days(daysKept(prefix, props)),
          noncurrentVersionExpiration: Duration.days(undoDays),
        })),
        {
          id: "old-versions",
          noncurrentVersionExpiration: Duration.days(props.keepDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
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

/** Attachments are read while their campaign is sent: those uploaded with it stay as long as it may take. */
const daysKept = (folder: Folder, { keepDays, retainDays }: CampaignBucketProps): number =>
  folder === folders.attachments ? Math.max(keepDays, retainDays + workSlackDays) : keepDays;

const s3MaySend = (queue: Queue, account: string) =>
  new PolicyStatement({
    sid: "BucketAnnouncesUploads",
    principals: [new ServicePrincipal("s3.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queue.queueArn],
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  });
