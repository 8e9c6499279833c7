import { Duration } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { EnvFor, ReporterEnv, SenderEnv, SplitterEnv } from "../functions/environment.ts";
import { metricsNamespace } from "../shared/ports/metrics.ts";
import type { Console } from "./console.ts";
import { type Decided, toldToFunctions } from "./decided.ts";
import { QueueWorker } from "./queue-worker.ts";
import { longestRun, type Queues } from "./queues.ts";

/** What the functions work with. */
export interface WorkerResources {
  readonly queues: Queues;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly secret: Secret;
  readonly topic: Topic;
  /** Absent where the stack has none. */
  readonly console?: Console;
}

/** The stack's functions. */
export interface Workers {
  readonly splitter: QueueWorker;
  readonly sender: QueueWorker;
  readonly reporter: QueueWorker;
}

/** Creates the functions directly in `scope`, each with its environment and its queue; grants are separate. */
export function createWorkers(scope: Construct, resources: WorkerResources, decided: Decided): Workers {
  const { settings, rates } = decided;
  const { uploads, batches, nudges } = resources.queues;
  const environments = environmentsOf(resources, decided);
  const splitter = new QueueWorker(scope, "Splitter", {
    handler: "splitter",
    queue: uploads.queue,
    batchSize: 1,
    // Two lists that take all the time there is leave the third to the others; after that such lists are tried one at a time.
    maxConcurrency: 3,
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
    page: resources.console !== undefined,
    environment: environments.reporter,
  });
  return { splitter, sender, reporter };
}

function environmentsOf(
  { queues: { uploads, batches, nudges }, table, bucket, secret, topic, console }: WorkerResources,
  decided: Decided,
) {
  const observed = { POWERTOOLS_METRICS_NAMESPACE: metricsNamespace };
  // Not for the sender, whose log puts in the positions itself: shared/aws/source-positions.ts says why.
  const readable = { NODE_OPTIONS: "--enable-source-maps" };
  const told = toldToFunctions(decided);
  const common = {
    TABLE: table.tableName,
    BUCKET: bucket.bucketName,
    BATCHES_QUEUE_URL: batches.queue.queueUrl,
    NUDGES_QUEUE_URL: nudges.queue.queueUrl,
  };
  const judging = {
    ...common,
    UPLOADS_QUEUE_URL: uploads.queue.queueUrl,
    TOPIC_ARN: topic.topicArn,
    SIMULATED: undefined,
  };
  const withSecret = { SECRET_ARN: secret.secretArn };
  const splitter = { ...judging, ...told.splitter } satisfies EnvFor<typeof SplitterEnv>;
  const sender = {
    ...common,
    ...withSecret,
    ...told.sender,
    AWS_LAMBDA_INITIALIZATION_TYPE: undefined,
  } satisfies EnvFor<typeof SenderEnv>;
  const elsewhere = { AWS_REGION: undefined, DATA_DIRECTORY: undefined };
  const reporter = {
    ...judging,
    ...withSecret,
    ...elsewhere,
    ...told.reporter,
    CONSOLE: console?.told,
  } satisfies EnvFor<typeof ReporterEnv>;
  return {
    splitter: { ...observed, ...readable, ...splitter },
    sender: { ...observed, ...sender },
    reporter: { ...observed, ...readable, ...reporter },
  };
}
