import { Duration } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { EnvFor, ReporterEnv, SenderEnv, SplitterEnv } from "../functions/environment.ts";
import { metricsNamespace } from "../shared/ports/metrics.ts";
import { bundledCaFile, QueueWorker } from "./queue-worker.ts";
import { longestRun, type Queues } from "./queues.ts";
import type { Rates } from "./rates.ts";
import type { Settings } from "./settings.ts";

/** What the functions work with. */
export interface WorkerResources {
  readonly queues: Queues;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly secret: Secret;
  readonly topic: Topic;
}

/** The stack's functions. */
export interface Workers {
  readonly splitter: QueueWorker;
  readonly sender: QueueWorker;
  readonly reporter: QueueWorker;
}

/** What the functions are told. */
export interface WorkerSettings {
  readonly settings: Settings;
  readonly rates: Rates;
  /** Where messages are sent. */
  readonly endpoint: string;
}

/** Creates the functions directly in `scope`, each with its environment and its queue; grants are separate. */
export function createWorkers(scope: Construct, resources: WorkerResources, told: WorkerSettings): Workers {
  const { settings, rates } = told;
  const { uploads, batches, nudges } = resources.queues;
  const environments = environmentsOf(resources, told);
  const splitter = new QueueWorker(scope, "Splitter", {
    handler: "splitter",
    queue: uploads.queue,
    batchSize: 1,
    maxConcurrency: 2,
    timeout: longestRun,
    memoryMiB: 1024,
    environment: environments.splitter,
  });
  const sender = new QueueWorker(scope, "Sender", {
    handler: "sender",
    queue: batches.queue,
    batchSize: rates.batchesPerInvocation,
    maxConcurrency: rates.consumers,
    timeout: Duration.seconds(rates.senderTimeoutSeconds),
    memoryMiB: rates.senderMemoryMiB,
    vpc: settings.vpc,
    caFile: settings.caFile,
    environment: environments.sender,
  });
  const reporter = new QueueWorker(scope, "Reporter", {
    handler: "reporter",
    queue: nudges.queue,
    batchSize: 10,
    maxConcurrency: 2,
    timeout: longestRun,
    memoryMiB: 1024,
    // Only replies are read through it; nothing else of what it does needs the VPC.
    vpc: settings.optOut === undefined ? undefined : settings.vpc,
    caFile: settings.optOut === undefined ? undefined : settings.caFile,
    environment: environments.reporter,
  });
  return { splitter, sender, reporter };
}

function environmentsOf(
  { queues: { uploads, batches, nudges }, table, bucket, secret, topic }: WorkerResources,
  { settings, rates, endpoint }: WorkerSettings,
) {
  const observed = { POWERTOOLS_METRICS_NAMESPACE: metricsNamespace };
  // Not for the sender, whose log puts in the positions itself: shared/aws/source-positions.ts says why.
  const readable = { NODE_OPTIONS: "--enable-source-maps" };
  const common = {
    TABLE: table.tableName,
    BUCKET: bucket.bucketName,
    BATCHES_QUEUE_URL: batches.queue.queueUrl,
    NUDGES_QUEUE_URL: nudges.queue.queueUrl,
    SENDS_PER_SECOND: String(settings.sendsPerSecond),
    MAX_PER_DAY: settings.maxMessagesPerDay === undefined ? undefined : String(settings.maxMessagesPerDay),
    DAY_ZONE: settings.maxMessagesPerDay === undefined ? undefined : settings.window?.timezone,
    POWERTOOLS_SERVICE_NAME: settings.stackName,
  };
  const splitter = {
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
    APPROVAL: settings.approval === "never" ? undefined : JSON.stringify(settings.approval),
    COUNTRIES: settings.countries === undefined ? undefined : JSON.stringify(settings.countries),
    PRICES: settings.prices === undefined ? undefined : JSON.stringify(settings.prices),
    OPT_OUT: settings.optOut === undefined ? undefined : JSON.stringify(settings.optOut),
    TOPIC_ARN: topic.topicArn,
    SIMULATED: undefined,
  } satisfies EnvFor<typeof SplitterEnv>;
  const sender = {
    ...common,
    ENDPOINT: endpoint,
    SECRET_ARN: secret.secretArn,
    ANSWER_TIMEOUT_MS: String(rates.answerTimeoutMs),
    CONSUMERS: String(rates.consumers),
    CA_FILE: settings.caFile === undefined ? undefined : bundledCaFile,
  } satisfies EnvFor<typeof SenderEnv>;
  // The reporter announces missed uploads and starts passes, so it knows what the splitter knows.
  const keeps = {
    SECRET_ARN: secret.secretArn,
    KEEP_DAYS: String(settings.keepDays),
    ENDPOINT: endpoint,
    CA_FILE: settings.caFile === undefined || settings.optOut === undefined ? undefined : bundledCaFile,
  };
  const reporter = { ...splitter, ...keeps } satisfies EnvFor<typeof ReporterEnv>;
  return {
    splitter: { ...observed, ...readable, ...splitter },
    sender: { ...observed, ...sender },
    reporter: { ...observed, ...readable, ...reporter },
  };
}
