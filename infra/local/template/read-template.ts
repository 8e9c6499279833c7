import { createHash } from "node:crypto";
import * as z from "zod";
import { noValue, type References, resolveIntrinsics } from "./intrinsics.ts";

/** The region every local resource is in. */
export const region = "us-east-1";
/** The account every local resource belongs to. */
export const accountId = "000000000000";

const RawResource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  Condition: z.string().optional(),
});

const RawTemplate = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).optional(),
  Conditions: z.record(z.string(), z.unknown()).optional(),
  Resources: z.record(z.string(), RawResource),
  Outputs: z
    .record(
      z.string(),
      z.object({ Value: z.unknown(), Description: z.string().optional(), Condition: z.string().optional() }),
    )
    .optional(),
});

/** Resource types that do something on AWS but need nothing on one machine. */
const needNothing: ReadonlySet<string> = new Set([
  "AWS::CDK::Metadata",
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::CompositeAlarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::SecurityGroupEgress",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::Permission",
  "AWS::Logs::LogGroup",
  "AWS::Logs::MetricFilter",
  "AWS::Logs::QueryDefinition",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::TopicPolicy",
  "AWS::Scheduler::ScheduleGroup",
  "AWS::SSM::Parameter",
]);

const count = z.coerce.number().int();
const text = z.string().min(1);

const Queue = z.object({
  QueueName: text.optional(),
  FifoQueue: z.boolean().optional(),
  DelaySeconds: count.optional(),
  VisibilityTimeout: count.optional(),
  MessageRetentionPeriod: count.optional(),
  ReceiveMessageWaitTimeSeconds: count.optional(),
  MaximumMessageSize: count.optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: text, maxReceiveCount: count }).optional(),
});

const Subscription = z.object({ TopicArn: text, Protocol: text, Endpoint: text });

const QueuePolicy = z.object({ Queues: z.array(text), PolicyDocument: z.unknown() });

const Bucket = z.object({
  BucketName: text.optional(),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .object({
      QueueConfigurations: z
        .array(
          z.object({
            Event: text,
            Queue: text,
            Filter: z
              .object({
                S3Key: z.object({ Rules: z.array(z.object({ Name: z.string(), Value: z.string() })) }),
              })
              .optional(),
          }),
        )
        .optional(),
      LambdaConfigurations: z.array(z.unknown()).max(0, "only queues can be notified locally").optional(),
      TopicConfigurations: z.array(z.unknown()).max(0, "only queues can be notified locally").optional(),
    })
    .optional(),
  LifecycleConfiguration: z
    .object({
      Rules: z.array(
        z.object({
          Status: z.string(),
          Prefix: z.string().optional(),
          ExpirationInDays: count.optional(),
          NoncurrentVersionExpiration: z.object({ NoncurrentDays: count }).optional(),
        }),
      ),
    })
    .optional(),
});

const LambdaFunction = z.object({
  FunctionName: text.optional(),
  Handler: text,
  Role: text,
  Timeout: count.optional(),
  MemorySize: count.optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
});

const EventSourceMapping = z.object({
  FunctionName: text,
  EventSourceArn: text,
  BatchSize: count.optional(),
  MaximumBatchingWindowInSeconds: count.optional(),
  Enabled: z.boolean().optional(),
  FunctionResponseTypes: z.array(z.string()).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: count.optional() }).optional(),
});

const ScheduleRule = z.object({
  ScheduleExpression: text,
  State: z.string().optional(),
  Targets: z.array(z.object({ Arn: text, Input: z.string().optional() })),
});

const SchedulerSchedule = z.object({
  ScheduleExpression: text,
  State: z.string().optional(),
  Target: z.object({ Arn: text, RoleArn: text, Input: z.string().optional() }),
});

const Table = z.object({
  TableName: text.optional(),
  KeySchema: z.array(z.object({ AttributeName: text, KeyType: z.enum(["HASH", "RANGE"]) })),
  AttributeDefinitions: z.array(z.object({ AttributeName: text, AttributeType: z.enum(["S", "N", "B"]) })),
  GlobalSecondaryIndexes: z.array(z.unknown()).max(0, "secondary indexes are not kept locally").optional(),
});

const Secret = z.object({
  Name: text.optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .object({
      SecretStringTemplate: z.string().optional(),
      GenerateStringKey: z.string().optional(),
      PasswordLength: count.optional(),
    })
    .optional(),
});

const Topic = z.object({ TopicName: text.optional() });

const Role = z.object({
  RoleName: text.optional(),
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).optional(),
  ManagedPolicyArns: z.array(z.string()).optional(),
});

const Policy = z.object({
  PolicyName: z.string().optional(),
  ManagedPolicyName: z.string().optional(),
  PolicyDocument: z.unknown(),
  Roles: z.array(text).optional(),
});

/** AWS's own policies that grant nothing the embedded cloud checks: logs, traces and network interfaces. */
const harmlessManagedPolicies = [
  "AWSLambdaBasicExecutionRole",
  "AWSLambdaVPCAccessExecutionRole",
  "AWSXRayDaemonWriteAccess",
  "CloudWatchLambdaInsightsExecutionRolePolicy",
];

/** A resource with its logical id and the names it has locally. */
interface Named {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

/** One SQS queue of the template. */
export interface QueueResource extends Named {
  readonly url: string;
  /** SQS attributes, in the strings its API takes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Which objects of a bucket are announced to which queue. */
export interface BucketNotification {
  /** `s3:ObjectCreated:*` and such. */
  readonly event: string;
  readonly queueArn: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** How long a bucket keeps objects, in days. */
export interface LifecycleRule {
  readonly prefix: string;
  readonly expireDays?: number;
  readonly expireNoncurrentDays?: number;
}

/** One S3 bucket of the template. */
export interface BucketResource extends Named {
  readonly versioned: boolean;
  readonly notifications: readonly BucketNotification[];
  readonly lifecycle: readonly LifecycleRule[];
}

/** One Lambda function of the template. */
export interface FunctionResource extends Named {
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A queue whose messages are handed to a function. */
export interface QueueEventSource {
  readonly logicalId: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Invocations at once. */
  readonly maximumConcurrency: number;
  readonly reportsBatchItemFailures: boolean;
}

/** Who gets what is published to a topic. */
export interface SubscriptionResource {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

/** Something put into a queue at regular times. */
export interface ScheduleResource {
  readonly logicalId: string;
  readonly arn: string;
  readonly everyMs: number;
  readonly targetArn: string;
  /** The message body; `undefined` for EventBridge's own event. */
  readonly input?: string;
  /** The role that EventBridge Scheduler sends with; rules send by the queue's policy. */
  readonly roleArn?: string;
}

/** One DynamoDB table of the template. */
export interface TableResource extends Named {
  readonly keySchema: z.infer<typeof Table>["KeySchema"];
  readonly attributeDefinitions: z.infer<typeof Table>["AttributeDefinitions"];
}

/** One secret of the template. */
export interface SecretResource extends Named {
  readonly initialValue?: string;
  readonly generate?: { readonly template?: string; readonly key?: string; readonly length: number };
}

/** A policy document as a role or a queue has it. */
export interface PolicyDocument {
  readonly name: string;
  readonly document: unknown;
}

/** A role and every policy document attached to it. */
export interface RoleResource extends Named {
  readonly policies: readonly PolicyDocument[];
}

/** A value the stack tells its user. */
export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

/** Everything the embedded cloud needs to know of a stack, with all references resolved. */
export interface StackResources {
  readonly stackName: string;
  readonly queues: readonly QueueResource[];
  /** Policy documents of queues, by queue URL. */
  readonly queuePolicies: ReadonlyMap<string, readonly PolicyDocument[]>;
  readonly buckets: readonly BucketResource[];
  readonly functions: readonly FunctionResource[];
  readonly eventSources: readonly QueueEventSource[];
  readonly schedules: readonly ScheduleResource[];
  readonly tables: readonly TableResource[];
  readonly secrets: readonly SecretResource[];
  readonly topics: readonly Named[];
  readonly subscriptions: readonly SubscriptionResource[];
  readonly roles: readonly RoleResource[];
  /** Managed policies, each as if it were the only one of a person it is attached to. */
  readonly people: readonly RoleResource[];
  readonly outputs: readonly StackOutput[];
}

/** Lambda's default concurrency for a queue that names no maximum would be unbounded; one machine stops at this. */
const defaultConcurrency = 10;

/**
 * Reads a synthesised CloudFormation template. `endpoint` is where the local services answer: queue URLs begin with it.
 * Throws an `Error` naming the resource that has a type or property the embedded cloud cannot stand in for.
 */
export function readTemplate(
  template: unknown,
  settings: { readonly stackName: string; readonly endpoint: string },
): StackResources {
  const raw = RawTemplate.parse(template);
  const { stackName, endpoint } = settings;
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${digest(stackName, 32)}`;

  const condition = (name: string): boolean => Boolean(resolveIntrinsics(raw.Conditions?.[name], references));
  const present = (entry: { readonly Condition?: string | undefined }) =>
    entry.Condition === undefined || condition(entry.Condition);

  const references: References = {
    condition,
    ref: (name) => {
      switch (name) {
        case "AWS::Region":
          return region;
        case "AWS::AccountId":
          return accountId;
        case "AWS::Partition":
          return "aws";
        case "AWS::URLSuffix":
          return "amazonaws.com";
        case "AWS::StackName":
          return stackName;
        case "AWS::StackId":
          return stackId;
        case "AWS::NoValue":
          return noValue;
        default: {
          const parameter = raw.Parameters?.[name];
          if (parameter !== undefined) return parameter.Default ?? "";
          return attributesOf(name).ref;
        }
      }
    },
    attribute: (logicalId, attribute) => {
      const value = attributesOf(logicalId).attributes[attribute];
      if (value === undefined) {
        throw new Error(`The template asks for ${logicalId}.${attribute}, which the embedded cloud does not know.`);
      }
      return value;
    },
  };

  /** What Ref and GetAtt of a resource give; only its own name is read, so that references may go in circles. */
  const attributesOf = (logicalId: string) => {
    const resource = raw.Resources[logicalId];
    if (resource === undefined) throw new Error(`The template refers to ${logicalId}, which it does not contain.`);
    const named = (property: string, fallback: string): string =>
      z.string().catch(fallback).parse(resolveIntrinsics(resource.Properties?.[property], references));
    const plain = `${stackName}-${logicalId}`;
    switch (resource.Type) {
      case "AWS::SQS::Queue": {
        const name = named("QueueName", plain.slice(0, 80));
        const url = `${endpoint}/${accountId}/${name}`;
        return answers(url, name, `arn:aws:sqs:${region}:${accountId}:${name}`, { QueueName: name, QueueUrl: url });
      }
      case "AWS::S3::Bucket": {
        const name = named("BucketName", `${plain.toLowerCase().slice(0, 50)}-${digest(plain, 8)}`);
        return answers(name, name, `arn:aws:s3:::${name}`, {
          DomainName: `${name}.s3.amazonaws.com`,
          RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        });
      }
      case "AWS::Lambda::Function": {
        const name = named("FunctionName", plain.slice(0, 64));
        return answers(name, name, `arn:aws:lambda:${region}:${accountId}:function:${name}`);
      }
      case "AWS::DynamoDB::Table": {
        const name = named("TableName", plain);
        return answers(name, name, `arn:aws:dynamodb:${region}:${accountId}:table/${name}`);
      }
      case "AWS::SecretsManager::Secret": {
        const name = named("Name", plain);
        const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${digest(name, 6)}`;
        return answers(arn, name, arn, { Id: arn });
      }
      case "AWS::SNS::Topic": {
        const name = named("TopicName", plain);
        const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
        return answers(arn, name, arn, { TopicArn: arn, TopicName: name });
      }
      case "AWS::IAM::Role": {
        const name = named("RoleName", plain.slice(0, 64));
        return answers(name, name, `arn:aws:iam::${accountId}:role/${name}`, { RoleId: digest(name, 20) });
      }
      case "AWS::IAM::ManagedPolicy": {
        const name = named("ManagedPolicyName", plain);
        const arn = `arn:aws:iam::${accountId}:policy/${name}`;
        return answers(arn, name, arn, { PolicyArn: arn });
      }
      case "AWS::Logs::LogGroup": {
        const name = named("LogGroupName", plain);
        return answers(name, name, `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`);
      }
      default:
        return answers(logicalId, logicalId, `arn:aws:local:${region}:${accountId}:${logicalId}`, {
          GroupId: `sg-${digest(plain, 17)}`,
          Id: logicalId,
        });
    }
  };

  const queues: QueueResource[] = [];
  const queuePolicies = new Map<string, PolicyDocument[]>();
  const buckets: BucketResource[] = [];
  const functions: FunctionResource[] = [];
  const eventSources: QueueEventSource[] = [];
  const schedules: ScheduleResource[] = [];
  const tables: TableResource[] = [];
  const secrets: SecretResource[] = [];
  const topics: Named[] = [];
  const subscriptions: SubscriptionResource[] = [];
  const roles: { logicalId: string; name: string; arn: string; policies: PolicyDocument[] }[] = [];
  const people: RoleResource[] = [];
  const policies: { logicalId: string; policy: z.infer<typeof Policy>; arn: string }[] = [];

  for (const [logicalId, resource] of Object.entries(raw.Resources)) {
    if (!present(resource) || needNothing.has(resource.Type)) continue;
    const read = <T>(schema: z.ZodType<T>): T => {
      const parsed = schema.safeParse(resolveIntrinsics(resource.Properties ?? {}, references));
      if (parsed.success) return parsed.data;
      throw new Error(
        `${logicalId} (${resource.Type}) cannot be had locally: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`,
      );
    };
    const { name, arn, ref } = attributesOf(logicalId);
    const own = { logicalId, name, arn };
    switch (resource.Type) {
      case "AWS::SQS::Queue": {
        const queue = read(Queue);
        queues.push({ ...own, url: ref, attributes: queueAttributes(queue) });
        break;
      }
      case "AWS::SQS::QueuePolicy": {
        const policy = read(QueuePolicy);
        for (const url of policy.Queues) {
          const documents = queuePolicies.get(url) ?? [];
          documents.push({ name: logicalId, document: policy.PolicyDocument });
          queuePolicies.set(url, documents);
        }
        break;
      }
      case "AWS::S3::Bucket": {
        const bucket = read(Bucket);
        buckets.push({
          ...own,
          versioned: bucket.VersioningConfiguration?.Status === "Enabled",
          notifications: (bucket.NotificationConfiguration?.QueueConfigurations ?? []).map((notification) => {
            const rules = notification.Filter?.S3Key.Rules ?? [];
            const rule = (kind: string) => rules.find((entry) => entry.Name.toLowerCase() === kind)?.Value ?? "";
            return {
              event: notification.Event,
              queueArn: notification.Queue,
              prefix: rule("prefix"),
              suffix: rule("suffix"),
            };
          }),
          lifecycle: (bucket.LifecycleConfiguration?.Rules ?? [])
            .filter((rule) => rule.Status === "Enabled")
            .map((rule) => ({
              prefix: rule.Prefix ?? "",
              ...(rule.ExpirationInDays !== undefined && { expireDays: rule.ExpirationInDays }),
              ...(rule.NoncurrentVersionExpiration !== undefined && {
                expireNoncurrentDays: rule.NoncurrentVersionExpiration.NoncurrentDays,
              }),
            })),
        });
        break;
      }
      case "AWS::Lambda::Function": {
        const fn = read(LambdaFunction);
        functions.push({
          ...own,
          roleArn: fn.Role,
          timeoutMs: (fn.Timeout ?? 3) * 1000,
          memoryMb: fn.MemorySize ?? 128,
          environment: fn.Environment?.Variables ?? {},
        });
        break;
      }
      case "AWS::Lambda::EventSourceMapping": {
        const source = read(EventSourceMapping);
        if (source.Enabled === false) break;
        eventSources.push({
          logicalId,
          functionName: source.FunctionName.split(":").at(-1) ?? source.FunctionName,
          queueArn: source.EventSourceArn,
          batchSize: source.BatchSize ?? 10,
          batchingWindowMs: (source.MaximumBatchingWindowInSeconds ?? 0) * 1000,
          maximumConcurrency: source.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
          reportsBatchItemFailures: source.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
        });
        break;
      }
      case "AWS::Events::Rule": {
        const rule = read(ScheduleRule);
        if (rule.State === "DISABLED") break;
        for (const target of rule.Targets) {
          schedules.push({
            logicalId,
            arn,
            everyMs: everyMs(rule.ScheduleExpression, logicalId),
            targetArn: target.Arn,
            ...(target.Input !== undefined && { input: target.Input }),
          });
        }
        break;
      }
      case "AWS::Scheduler::Schedule": {
        const schedule = read(SchedulerSchedule);
        if (schedule.State === "DISABLED") break;
        schedules.push({
          logicalId,
          arn,
          everyMs: everyMs(schedule.ScheduleExpression, logicalId),
          targetArn: schedule.Target.Arn,
          roleArn: schedule.Target.RoleArn,
          ...(schedule.Target.Input !== undefined && { input: schedule.Target.Input }),
        });
        break;
      }
      case "AWS::DynamoDB::Table": {
        const table = read(Table);
        tables.push({ ...own, keySchema: table.KeySchema, attributeDefinitions: table.AttributeDefinitions });
        break;
      }
      case "AWS::SecretsManager::Secret": {
        const secret = read(Secret);
        const generate = secret.GenerateSecretString;
        secrets.push({
          ...own,
          ...(secret.SecretString !== undefined && { initialValue: secret.SecretString }),
          ...(generate !== undefined && {
            generate: {
              length: generate.PasswordLength ?? 32,
              ...(generate.SecretStringTemplate !== undefined && { template: generate.SecretStringTemplate }),
              ...(generate.GenerateStringKey !== undefined && { key: generate.GenerateStringKey }),
            },
          }),
        });
        break;
      }
      case "AWS::SNS::Topic":
        read(Topic);
        topics.push(own);
        break;
      case "AWS::SNS::Subscription": {
        const subscription = read(Subscription);
        subscriptions.push({
          topicArn: subscription.TopicArn,
          protocol: subscription.Protocol,
          endpoint: subscription.Endpoint,
        });
        break;
      }
      case "AWS::IAM::Role": {
        const role = read(Role);
        for (const managed of role.ManagedPolicyArns ?? []) {
          if (managed.startsWith(`arn:aws:iam::${accountId}:policy/`)) continue;
          if (harmlessManagedPolicies.some((harmless) => managed.endsWith(`/${harmless}`))) continue;
          throw new Error(`${logicalId} has the managed policy ${managed}, which the embedded cloud cannot check.`);
        }
        roles.push({
          ...own,
          policies: (role.Policies ?? []).map((policy) => ({
            name: `${logicalId}/${policy.PolicyName}`,
            document: policy.PolicyDocument,
          })),
        });
        break;
      }
      case "AWS::IAM::Policy":
        policies.push({ logicalId, policy: read(Policy), arn });
        break;
      case "AWS::IAM::ManagedPolicy": {
        const policy = read(Policy);
        policies.push({ logicalId, policy, arn });
        people.push({ ...own, policies: [{ name: logicalId, document: policy.PolicyDocument }] });
        break;
      }
      default:
        throw new Error(`${logicalId} is a ${resource.Type}, which the embedded cloud does not have.`);
    }
  }

  for (const { logicalId, policy, arn } of policies) {
    for (const role of roles) {
      const attached =
        policy.Roles?.includes(role.name) === true ||
        z
          .array(z.unknown())
          .catch([])
          .parse(resolveIntrinsics(raw.Resources[role.logicalId]?.Properties?.["ManagedPolicyArns"], references))
          .includes(arn);
      if (attached) role.policies.push({ name: logicalId, document: policy.PolicyDocument });
    }
  }

  const outputs = Object.entries(raw.Outputs ?? {})
    .filter(([, output]) => present(output))
    .map(([key, output]) => ({
      key,
      value: String(resolveIntrinsics(output.Value, references)),
      ...(output.Description !== undefined && { description: output.Description }),
    }));

  return {
    stackName,
    queues,
    queuePolicies,
    buckets,
    functions,
    eventSources,
    schedules,
    tables,
    secrets,
    topics,
    subscriptions,
    roles,
    people,
    outputs,
  };
}

function answers(ref: string, name: string, arn: string, attributes: Readonly<Record<string, string>> = {}) {
  const all: Readonly<Record<string, string>> = { Arn: arn, ...attributes };
  return { ref, name, arn, attributes: all };
}

/**
 * The queue's attributes as SQS's API takes them. Its own delay is left out: on AWS it gives a second file of an
 * upload time to arrive, here it would only make a person wait.
 */
function queueAttributes(queue: z.infer<typeof Queue>): Record<string, string> {
  const attributes: Record<string, string> = {};
  const set = (name: string, value: number | undefined) => {
    if (value !== undefined) attributes[name] = String(value);
  };
  set("VisibilityTimeout", queue.VisibilityTimeout);
  set("MessageRetentionPeriod", queue.MessageRetentionPeriod);
  set("ReceiveMessageWaitTimeSeconds", queue.ReceiveMessageWaitTimeSeconds);
  set("MaximumMessageSize", queue.MaximumMessageSize);
  if (queue.RedrivePolicy !== undefined) attributes["RedrivePolicy"] = JSON.stringify(queue.RedrivePolicy);
  if (queue.FifoQueue === true) attributes["FifoQueue"] = "true";
  return attributes;
}

function everyMs(expression: string, logicalId: string): number {
  const match = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(expression);
  const unit = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw new Error(
      `${logicalId} runs at "${expression}"; the embedded cloud knows schedules such as "rate(1 minute)".`,
    );
  }
  return Number(match[1]) * unit;
}

/** A stable suffix in place of the random one that AWS gives names. */
function digest(value: string, length: number): string {
  return createHash("sha256").update(value).digest("hex").slice(0, length);
}
