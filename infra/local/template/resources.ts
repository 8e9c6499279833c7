/** The region every local resource is in. */
export const region = "us-east-1";
/** The account every local resource belongs to. */
export const accountId = "000000000000";

/** A resource's logical id and its local name and ARN. */
export interface NamedResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

/** One SQS queue of the template. */
export interface QueueResource extends NamedResource {
  readonly url: string;
  /** SQS attributes as the strings its API takes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Which of a bucket's objects are announced to which queue. */
export interface BucketNotification {
  /** Such as `s3:ObjectCreated:*`. */
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
export interface BucketResource extends NamedResource {
  readonly versioned: boolean;
  readonly notifications: readonly BucketNotification[];
  readonly lifecycle: readonly LifecycleRule[];
}

/** One Lambda function of the template. */
export interface FunctionResource extends NamedResource {
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A queue whose messages are passed to a function. */
export interface QueueEventSource {
  readonly logicalId: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** How many invocations may run at once. */
  readonly maximumConcurrency: number;
  readonly reportsBatchItemFailures: boolean;
}

/** A subscriber to a topic. */
export interface SubscriptionResource {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

/** A message sent to a queue at a fixed interval. */
export interface ScheduleResource {
  readonly logicalId: string;
  readonly arn: string;
  readonly everyMs: number;
  readonly targetArn: string;
  /** The message body; `undefined` for EventBridge's own event. */
  readonly input?: string;
  /** The role EventBridge Scheduler sends as; a rule relies on the queue's own policy instead. */
  readonly roleArn?: string;
}

/** One DynamoDB table of the template. */
export interface TableResource extends NamedResource {
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" }[];
  readonly attributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: "S" | "N" | "B";
  }[];
}

/** One secret of the template. */
export interface SecretResource extends NamedResource {
  readonly initialValue?: string;
  readonly generate?: { readonly template?: string; readonly key?: string; readonly length: number };
}

/** A policy document attached to a role or a queue. */
export interface PolicyDocument {
  readonly name: string;
  readonly document: unknown;
}

/** A role with every policy document attached to it. */
export interface RoleResource extends NamedResource {
  readonly policies: readonly PolicyDocument[];
}

/** A value the stack reports to its user. */
export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

/** Everything the embedded cloud needs to know about a stack, with all references resolved. */
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
  readonly topics: readonly NamedResource[];
  readonly subscriptions: readonly SubscriptionResource[];
  readonly roles: readonly RoleResource[];
  /** Managed policies, each treated as the only policy of a person it is attached to. */
  readonly peoplePolicies: readonly RoleResource[];
  readonly outputs: readonly StackOutput[];
}
