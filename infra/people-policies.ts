import { Stack, Validations } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { approvalsListed, approvalsOf } from "../shared/campaign/approvals.ts";
import { personTag } from "../shared/campaign/identity.ts";
import { type Folder, folders } from "../shared/ports/bucket-layout.ts";
import { objectsUnder } from "./objects-under.ts";

/** The condition key of the tag that tells people of one role apart. */
const principalTag = `aws:PrincipalTag/${personTag}`;

/** Props of the policies: the resources that they are about. */
export interface PeoplePoliciesProps {
  readonly bucket: Bucket;
  readonly table: Table;
  readonly secret: Secret;
  readonly topic: Topic;
  readonly nudges: Queue;
}

/** Policies to attach to people; the functions do not use them. */
export class PeoplePolicies extends Construct {
  /** Uploads campaigns, checks and attachments; neither reads reports nor lifts a suppression. */
  readonly uploader: ManagedPolicy;
  /** Reads reports. */
  readonly reader: ManagedPolicy;
  /** All commands of the command line but `approve`. */
  readonly operator: ManagedPolicy;
  /** Approves what somebody else uploaded, and reads the reports for it; neither uploads nor controls anything. */
  readonly approver: ManagedPolicy;

  constructor(scope: Construct, id: string, props: PeoplePoliciesProps) {
    super(scope, id);
    const { bucket } = props;
    const stack = Stack.of(this);
    const findStack = new PolicyStatement({
      sid: "FindTheStack",
      actions: ["cloudformation:DescribeStacks"],
      resources: [
        stack.formatArn({ service: "cloudformation", resource: "stack", resourceName: `${stack.stackName}/*` }),
      ],
    });
    const put = ["s3:PutObject", "s3:AbortMultipartUpload"];
    const list = (...where: Folder[]) =>
      new PolicyStatement({
        sid: "List",
        actions: ["s3:ListBucket"],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { "s3:prefix": where.map((folder) => `${folder}*`) } },
      });

    this.uploader = new ManagedPolicy(this, "Uploader", {
      description: "Uploads campaigns, checks and attachments of bulk-send.",
      statements: [findStack],
    });
    this.reader = new ManagedPolicy(this, "Reader", {
      description: "Reads the reports of bulk-send.",
      statements: [findStack, list(folders.reports)],
    });
    this.operator = new ManagedPolicy(this, "Operator", {
      description: "Operates bulk-send by its command line.",
      statements: [findStack, ...operatorStatements(props)],
    });
    this.approver = new ManagedPolicy(this, "Approver", {
      description: "Approves campaigns of bulk-send that somebody else uploaded.",
      statements: [findStack, list(folders.reports), ...approverStatements(props)],
    });
    const inputs = [folders.campaigns, folders.check, folders.attachments];
    const allow = (policy: ManagedPolicy, sid: string, actions: string[], ...where: readonly Folder[]) =>
      policy.addStatements(new PolicyStatement({ sid, actions, resources: objectsUnder(policy, bucket, ...where) }));
    this.uploader.addStatements(...uploaderStatements(put, objectsUnder(this.uploader, bucket, ...inputs)));
    allow(this.reader, "Read", ["s3:GetObject"], folders.reports);
    allow(this.approver, "Read", ["s3:GetObject"], folders.reports);
    allow(this.operator, "Upload", put, ...inputs, folders.suppression);
    allow(this.operator, "Read", ["s3:GetObject"], ...inputs, folders.suppression, folders.reports);

    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${stack.stackName}/*]`,
      reason: "A stack is asked for by its name; the wildcard stands for the id that AWS gave it.",
    });
    Validations.of(this.operator).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "lambda:GetAccountSettings knows no resource; the doctor reads the account's concurrency by it.",
    });
  }
}

/** How people upload: who has the tag that tells people of one role apart uploads nothing without it, and nobody with another's. */
const uploaderStatements = (put: readonly string[], resources: string[]) => [
  new PolicyStatement({
    sid: "Upload",
    actions: [...put],
    resources,
    conditions: { Null: { [principalTag]: "true" } },
  }),
  new PolicyStatement({
    sid: "UploadAsTagged",
    actions: ["s3:PutObject", "s3:PutObjectTagging"],
    resources,
    conditions: {
      Null: { [principalTag]: "false" },
      StringEquals: { [`s3:RequestObjectTag/${personTag}`]: `\${${principalTag}}` },
    },
  }),
];

/** What the operator may do, apart from finding the stack and handling objects. */
const operatorStatements = ({ bucket, table, secret, topic, nudges }: PeoplePoliciesProps) => [
  // No condition on the prefix: a request for a missing object has none, and would get a 403.
  new PolicyStatement({ sid: "List", actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
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
  new PolicyStatement({ sid: "Nudge", actions: ["sqs:SendMessage"], resources: [nudges.queueArn] }),
  new PolicyStatement({
    sid: "Credentials",
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
    resources: [secret.secretArn],
  }),
  new PolicyStatement({
    sid: "DoctorMail",
    actions: ["sns:ListSubscriptionsByTopic"],
    resources: [topic.topicArn],
  }),
  new PolicyStatement({ sid: "DoctorLimits", actions: ["lambda:GetAccountSettings"], resources: ["*"] }),
];

/**
 * What approvers may do, apart from finding the stack and reading reports. Each writes only where IAM's own word for who
 * he is says so: as a person, if all of that is IAM's word; as who a principal tag says he is; otherwise as a role.
 * `Approver` says what that means.
 */
const approverStatements = ({ table, nudges }: PeoplePoliciesProps) => {
  const write = (sid: string, who: object, ...leadingKeys: readonly string[]) =>
    new PolicyStatement({
      sid,
      actions: ["dynamodb:UpdateItem"],
      resources: [table.tableArn],
      conditions: { ...who, "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": leadingKeys } },
    });
  const identityCenter = Stack.of(table).formatArn({
    service: "iam",
    region: "",
    resource: "role",
    resourceName: "aws-reserved/sso.amazonaws.com/*",
  });
  const asPerson = `${approvalsOf.person}\${aws:userid}`;
  return [
    write("ApproveAsUser", { StringEquals: { "aws:PrincipalType": "User" } }, asPerson),
    // It names the sessions of its roles for the people who signed in; nobody else can use those roles.
    write("ApproveByIdentityCenter", { ArnLike: { "aws:PrincipalArn": identityCenter } }, asPerson),
    write(
      "ApproveAsRole",
      { StringEquals: { "aws:PrincipalType": "AssumedRole" } },
      `${approvalsOf.role}\${aws:userid}`,
    ),
    write("ApproveAsTagged", { Null: { [principalTag]: "false" } }, `${approvalsOf.tagged}\${${principalTag}}`),
    write("ListApprovals", {}, approvalsListed),
    new PolicyStatement({
      sid: "SeeWhatItIsAbout",
      actions: ["dynamodb:GetItem"],
      resources: [table.tableArn],
      conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["campaigns"] } },
    }),
    new PolicyStatement({ sid: "Nudge", actions: ["sqs:SendMessage"], resources: [nudges.queueArn] }),
  ];
};
