import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { EnvFor, ReporterEnv, SenderEnv, SplitterEnv } from "../functions/environment.ts";
import { metricsNamespace } from "../shared/ports/metrics.ts";
import { CampaignBucket } from "./campaign-bucket.ts";
import { CredentialsSecret } from "./credentials-secret.ts";
import { LedgerTable } from "./ledger-table.ts";
import { MessageQueue } from "./message-queue.ts";
import { Monitoring } from "./monitoring.ts";
import { Notices } from "./notices.ts";
import { PeoplePolicies } from "./people-policies.ts";
import { bundledCaFile, QueueWorker } from "./queue-worker.ts";
import { ratesFor } from "./rates.ts";
import type { Settings } from "./settings.ts";

/** Stands in where no endpoint is set; such a stack is never deployed. */
const noEndpoint = "https://endpoint-is-not-set.invalid";

/** The longest a Lambda function may run: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestRun = Duration.minutes(15);

/** Hidden for a little longer than a function that uses all its time. */
const longestRunAndSlack = longestRun.plus(Duration.seconds(30));

/**
 * Bulk sends through one Enswitch account.
 *
 * campaigns/*.csv → uploads → splitter → batches → sender → Enswitch; the reporter, nudged every minute, keeps feeding
 * and writes the reports; the ledger knows what was sent.
 */
export class BulkSendStack extends Stack {
  /** The functions, for whoever runs them elsewhere. */
  readonly workers: readonly QueueWorker[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      stackName: settings.stackName,
      description: "bulk-send: CSV campaigns through an Enswitch phone system",
      terminationProtection: true,
      analyticsReporting: false,
    });
    const rates = ratesFor(settings.sendsPerSecond);
    const endpoint = settings.endpoint ?? noEndpoint;

    const uploads = new MessageQueue(this, "Uploads", {
      // A JSON file uploaded together with its CSV gets this long to arrive.
      deliveryDelay: Duration.seconds(15),
      visibilityTimeout: longestRunAndSlack,
      // The splitter itself refuses an upload at its fifth receive; this is for a splitter that cannot even do that.
      maxReceiveCount: 8,
    });
    const batches = new MessageQueue(this, "Batches", {
      visibilityTimeout: Duration.seconds(rates.visibilitySeconds),
      // Batches are given back while they wait for their turn, so receives are no attempts: SQS's maximum.
      maxReceiveCount: 1000,
    });
    const nudges = new MessageQueue(this, "Nudges", {
      // Hints only; the next tick makes up for any that is lost.
      retentionPeriod: Duration.days(1),
      visibilityTimeout: longestRunAndSlack,
      maxReceiveCount: 5,
    });
    const { table } = new LedgerTable(this, "Ledger");
    const { bucket } = new CampaignBucket(this, "Campaigns", {
      retainDays: settings.retainDays,
      uploads: uploads.queue,
    });
    const { secret } = new CredentialsSecret(this, "Credentials");
    const { topic } = new Notices(this, "Notices", { email: settings.notifyEmail });

    const common = {
      TABLE: table.tableName,
      BUCKET: bucket.bucketName,
      BATCHES_QUEUE_URL: batches.queue.queueUrl,
      NUDGES_QUEUE_URL: nudges.queue.queueUrl,
      SENDS_PER_SECOND: String(settings.sendsPerSecond),
      POWERTOOLS_SERVICE_NAME: settings.stackName,
    };
    const planning = {
      ...common,
      BATCH_ROWS: String(rates.batchRows),
      VISIBILITY_SECONDS: String(rates.visibilitySeconds),
      RETAIN_DAYS: String(settings.retainDays),
      UPLOADS_QUEUE_URL: uploads.queue.queueUrl,
      SNUMBER: settings.snumber,
      STYPE: settings.stype,
      CUSTOMER: settings.customer,
      COUNTRY: settings.country,
      WINDOW: settings.window === undefined ? undefined : JSON.stringify(settings.window),
      TOPIC_ARN: topic.topicArn,
    } satisfies EnvFor<typeof SplitterEnv>;
    const observed = {
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
    };

    const splitter = new QueueWorker(this, "Splitter", {
      handler: "splitter",
      queue: uploads.queue,
      batchSize: 1,
      maxConcurrency: 2,
      timeout: longestRun,
      memoryMiB: 1024,
      environment: { ...observed, ...planning },
    });
    const sender = new QueueWorker(this, "Sender", {
      handler: "sender",
      queue: batches.queue,
      batchSize: rates.batchesPerInvocation,
      maxConcurrency: rates.consumers,
      timeout: Duration.seconds(rates.senderTimeoutSeconds),
      memoryMiB: rates.senderMemoryMiB,
      vpc: settings.vpc,
      caFile: settings.caFile,
      environment: {
        ...observed,
        ...({
          ...common,
          ENDPOINT: endpoint,
          SECRET_ARN: secret.secretArn,
          ANSWER_TIMEOUT_MS: String(rates.answerTimeoutMs),
          CONSUMERS: String(rates.consumers),
          CA_FILE: settings.caFile === undefined ? undefined : bundledCaFile,
        } satisfies EnvFor<typeof SenderEnv>),
      },
    });
    const reporter = new QueueWorker(this, "Reporter", {
      handler: "reporter",
      queue: nudges.queue,
      batchSize: 10,
      maxConcurrency: 2,
      timeout: longestRun,
      memoryMiB: 1024,
      environment: {
        ...observed,
        ...({
          ...planning,
          SECRET_ARN: secret.secretArn,
        } satisfies EnvFor<typeof ReporterEnv>),
      },
    });
    this.workers = [splitter, sender, reporter];

    const ledger = [table.tableArn];
    const feedAndNudge = [batches.queue.queueArn, nudges.queue.queueArn];

    // Without ListBucket a missing object is a 403, which reads like a missing grant.
    for (const worker of this.workers) worker.may(["s3:ListBucket"], [bucket.bucketArn]);

    splitter.mayWithObjects(["s3:GetObject", "s3:GetObjectVersion"], bucket, "campaigns/", "check/");
    splitter.mayWithObjects(["s3:GetObject"], bucket, "attachments/", "suppression/", "work/", "reports/");
    splitter.mayWithObjects(["s3:PutObject", "s3:AbortMultipartUpload"], bucket, "work/", "reports/");
    splitter.mayWithObjects(["s3:DeleteObject"], bucket, "work/");
    splitter.may(["dynamodb:GetItem", "dynamodb:UpdateItem"], ledger);
    splitter.may(["sqs:ChangeMessageVisibility"], [uploads.queue.queueArn]);
    splitter.may(["sqs:SendMessage"], feedAndNudge);
    splitter.may(["sns:Publish"], [topic.topicArn]);

    sender.mayWithObjects(["s3:GetObject"], bucket, "attachments/");
    sender.may(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], ledger);
    sender.may(["sqs:ChangeMessageVisibility"], [batches.queue.queueArn]);
    sender.may(["sqs:SendMessage"], [nudges.queue.queueArn]);
    sender.may(["secretsmanager:GetSecretValue"], [secret.secretArn]);

    reporter.mayWithObjects(["s3:GetObject"], bucket, "campaigns/", "work/", "suppression/", "reports/");
    reporter.mayWithObjects(["s3:PutObject", "s3:AbortMultipartUpload"], bucket, "reports/");
    reporter.mayWithObjects(["s3:DeleteObject"], bucket, "work/");
    reporter.may(["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query"], ledger);
    reporter.may(["sqs:SendMessage"], [uploads.queue.queueArn, ...feedAndNudge]);
    reporter.may(["secretsmanager:GetSecretValue"], [secret.secretArn]);
    reporter.may(["sns:Publish"], [topic.topicArn]);

    new Rule(this, "EveryMinute", {
      description: "Has the reporter look at everything.",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SqsQueue(nudges.queue, { message: RuleTargetInput.fromObject({ kind: "tick" }) })],
    });

    const { uploader, reader, operator } = new PeoplePolicies(this, "People", {
      bucket,
      table,
      secret,
      topic,
      nudges: nudges.queue,
    });
    const { dashboard } = new Monitoring(this, "Monitoring", {
      stackName: settings.stackName,
      sendsPerSecond: settings.sendsPerSecond,
      queues: { Uploads: uploads, Batches: batches, Nudges: nudges },
      functions: { Splitter: splitter.function, Sender: sender.function, Reporter: reporter.function },
      topic,
    });

    this.tell({
      BucketName: ["Upload campaigns/<name>.csv here; reports/ is written here.", bucket.bucketName],
      SecretArn: ["Holds the Enswitch user: bulk-send credentials.", secret.secretArn],
      DashboardUrl: ["How it goes.", consoleUrl(this.region, dashboard.dashboardName)],
      TopicArn: ["Gets alarms and notices; subscribe to it.", topic.topicArn],
      Endpoint: ["Where messages are sent.", endpoint],
      SendsPerSecond: ["The account's rate at most.", String(settings.sendsPerSecond)],
      UploaderPolicyArn: ["Attach to people who upload.", uploader.managedPolicyArn],
      ReaderPolicyArn: ["Attach to people who read reports.", reader.managedPolicyArn],
      OperatorPolicyArn: ["Attach to people who use the command line.", operator.managedPolicyArn],
      TableName: ["The ledger.", table.tableName],
      UploadsQueueUrl: ["Where uploads are announced.", uploads.queue.queueUrl],
      BatchesQueueUrl: ["Where batches wait to be sent.", batches.queue.queueUrl],
      NudgesQueueUrl: ["Where the reporter is asked to look.", nudges.queue.queueUrl],
      BatchRows: ["Rows per batch.", String(rates.batchRows)],
      VisibilitySeconds: ["Visibility time-out of the batches queue.", String(rates.visibilitySeconds)],
    });
  }

  private tell(outputs: { readonly [name: string]: readonly [description: string, value: string] }): void {
    for (const [name, [description, value]] of Object.entries(outputs))
      new CfnOutput(this, name, { description, value });
  }
}

const consoleUrl = (region: string, dashboard: string) =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${dashboard}`;
