import type { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface PeoplePoliciesProps {
  readonly stack: Stack;
  readonly bucket: Bucket;
  readonly table: Table;
  readonly secret: Secret;
  readonly topic: Topic;
  readonly uploads: Queue;
  readonly batches: Queue;
  readonly nudges: Queue;
}

/** Policies to attach to people. Functions do not use them. */
export class PeoplePolicies extends Construct {
  /** Puts campaigns, checks and attachments; neither reads reports nor lifts a suppression. */
  readonly uploader: ManagedPolicy;
  /** Reads reports. */
  readonly reader: ManagedPolicy;
  /** All commands of the command line. */
  readonly operator: ManagedPolicy;

  constructor(scope: Construct, id: string, props: PeoplePoliciesProps) {
    super(scope, id);
    const { bucket, table, secret, topic, stack } = props;
    const under = (...prefixes: string[]) => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
    const findStack = () =>
      new PolicyStatement({
        sid: "FindTheStack",
        actions: ["cloudformation:DescribeStacks"],
        resources: [
          stack.formatArn({ service: "cloudformation", resource: "stack", resourceName: `${stack.stackName}/*` }),
        ],
      });
    const upload = (...prefixes: string[]) =>
      new PolicyStatement({
        sid: "Upload",
        actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
        resources: under(...prefixes),
      });
    const list = (...prefixes: string[]) =>
      new PolicyStatement({
        sid: "List",
        actions: ["s3:ListBucket"],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } },
      });
    const read = (...prefixes: string[]) =>
      new PolicyStatement({
        sid: "Read",
        actions: ["s3:GetObject"],
        resources: under(...prefixes),
      });

    this.uploader = new ManagedPolicy(this, "Uploader", {
      description: "Uploads campaigns, checks and attachments of bulk-send.",
      statements: [findStack(), upload("campaigns/", "check/", "attachments/")],
    });
    this.reader = new ManagedPolicy(this, "Reader", {
      description: "Reads the reports of bulk-send.",
      statements: [findStack(), list("reports/"), read("reports/")],
    });
    this.operator = new ManagedPolicy(this, "Operator", {
      description: "Operates bulk-send by its command line.",
      statements: [
        findStack(),
        upload("campaigns/", "check/", "attachments/", "suppression/"),
        list("campaigns/", "check/", "attachments/", "suppression/", "reports/"),
        read("campaigns/", "check/", "attachments/", "suppression/", "reports/"),
        new PolicyStatement({
          sid: "ReadTheLedger",
          actions: ["dynamodb:GetItem", "dynamodb:Query"],
          resources: [table.tableArn],
        }),
        new PolicyStatement({
          sid: "PauseResumeCancelRate",
          actions: ["dynamodb:UpdateItem"],
          resources: [table.tableArn],
          conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["campaigns", "account"] } },
        }),
        new PolicyStatement({ sid: "Nudge", actions: ["sqs:SendMessage"], resources: [props.nudges.queueArn] }),
        new PolicyStatement({
          sid: "LookAtQueues",
          actions: ["sqs:GetQueueAttributes"],
          resources: [props.uploads, props.batches, props.nudges].map(({ queueArn }) => queueArn),
        }),
        new PolicyStatement({
          sid: "Credentials",
          actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
          resources: [secret.secretArn],
        }),
        new PolicyStatement({
          sid: "DoctorMail",
          actions: ["sns:ListSubscriptionsByTopic"],
          resources: [topic.topicArn],
        }),
        new PolicyStatement({ sid: "DoctorLimits", actions: ["lambda:GetAccountSettings"], resources: ["*"] }),
      ],
    });
  }
}
