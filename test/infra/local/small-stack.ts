import { fileURLToPath } from "node:url";
import { ledgerTable } from "../../support/ledger-table.ts";

/** The small stack with the fixture handler behind its function. */
export function smallSynthesised(changes: Parameters<typeof smallStack>[0] = {}) {
  const entry = fileURLToPath(new URL("./fixtures/told-handler.ts", import.meta.url));
  return { template: smallStack(changes), entries: { WorkerFunction: entry } };
}

/** A small template with the shapes the CDK writes: one bucket, three queues, one table, a secret, functions and a schedule. */
export function smallStack(
  changes: {
    readonly timeoutSeconds?: number;
    readonly visibilitySeconds?: number;
    readonly batchSize?: number;
    readonly concurrency?: number;
    readonly scheduleEvery?: string;
    readonly statements?: readonly unknown[];
    readonly notifies?: boolean;
  } = {},
) {
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
  const consume = (id: string) => ({
    Effect: "Allow",
    Action: [
      "sqs:ReceiveMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueUrl",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ],
    Resource: arn(id),
  });
  return {
    Parameters: { BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/version" } },
    Resources: {
      Files: {
        Type: "AWS::S3::Bucket",
        Properties: {
          VersioningConfiguration: { Status: "Enabled" },
          ...(changes.notifies !== false && {
            NotificationConfiguration: {
              QueueConfigurations: [
                {
                  Event: "s3:ObjectCreated:*",
                  Queue: arn("Uploads"),
                  Filter: { S3Key: { Rules: [{ Name: "prefix", Value: "campaigns/" }] } },
                },
              ],
            },
          }),
        },
      },
      Dead: { Type: "AWS::SQS::Queue" },
      Uploads: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: 30 } },
      UploadsPolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "Uploads" }],
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "s3.amazonaws.com" },
                Action: ["sqs:SendMessage", "sqs:GetQueueUrl"],
                Resource: arn("Uploads"),
                Condition: { ArnLike: { "aws:SourceArn": arn("Files") } },
              },
            ],
          },
        },
      },
      Work: {
        Type: "AWS::SQS::Queue",
        Properties: {
          VisibilityTimeout: changes.visibilitySeconds ?? 1,
          RedrivePolicy: { deadLetterTargetArn: arn("Dead"), maxReceiveCount: 3 },
        },
      },
      WorkPolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "Work" }],
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: arn("Work"),
                Condition: { ArnEquals: { "aws:SourceArn": arn("Tick") } },
              },
            ],
          },
        },
      },
      Table: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Retain",
        Properties: {
          ...ledgerTable,
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        },
      },
      Secret: { Type: "AWS::SecretsManager::Secret", Properties: {} },
      Mails: { Type: "AWS::SNS::Topic" },
      Alarm: { Type: "AWS::CloudWatch::Alarm", Properties: {} },
      WorkerRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          ManagedPolicyArns: [
            {
              "Fn::Join": [
                "",
                ["arn:", { Ref: "AWS::Partition" }, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
              ],
            },
          ],
        },
      },
      WorkerPolicy: {
        Type: "AWS::IAM::Policy",
        Properties: {
          PolicyName: "WorkerPolicy",
          Roles: [{ Ref: "WorkerRole" }],
          PolicyDocument: { Statement: [consume("Work"), ...(changes.statements ?? [])] },
        },
      },
      WorkerFunction: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Handler: "index.handler",
          Role: arn("WorkerRole"),
          Timeout: changes.timeoutSeconds ?? 10,
          MemorySize: 256,
          Environment: {
            Variables: {
              TABLE: { Ref: "Table" },
              BUCKET: { Ref: "Files" },
              DEAD_URL: { Ref: "Dead" },
              SECRET_ARN: { Ref: "Secret" },
            },
          },
        },
      },
      WorkerSource: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          FunctionName: { Ref: "WorkerFunction" },
          EventSourceArn: arn("Work"),
          BatchSize: changes.batchSize ?? 10,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
          ScalingConfig: { MaximumConcurrency: changes.concurrency ?? 2 },
        },
      },
      ...(changes.scheduleEvery !== undefined && {
        Tick: {
          Type: "AWS::Events::Rule",
          Properties: {
            ScheduleExpression: changes.scheduleEvery,
            State: "ENABLED",
            Targets: [{ Arn: arn("Work"), Id: "Target0", Input: '{"tick":true}' }],
          },
        },
      }),
      ...(changes.scheduleEvery === undefined && {
        Tick: {
          Type: "AWS::Events::Rule",
          Properties: { ScheduleExpression: "rate(1 minute)", State: "DISABLED", Targets: [] },
        },
      }),
    },
    Outputs: {
      BucketName: { Value: { Ref: "Files" }, Description: "Upload campaigns here" },
      WorkUrl: { Value: { Ref: "Work" } },
    },
  };
}
