import { join } from "node:path";
import type { Service } from "../gateway/call.ts";
import { type BucketEvents, createBucketEvents } from "../s3/bucket-events.ts";
import { openObjectStore } from "../s3/object-store.ts";
import { createS3 } from "../s3/s3-service.ts";
import type { StackResources } from "../template/resources.ts";
import { createCloudFormation } from "./cloudformation.ts";
import { type DynamoDb, openDynamoDb } from "./dynamodb.ts";
import { type AcceptedEvent, createEventBridge } from "./eventbridge.ts";
import { createLambda } from "./lambda.ts";
import { openSecretsManager } from "./secrets-manager.ts";
import { createSns } from "./sns.ts";
import { type Sqs, startSqs } from "./sqs.ts";
import { createSts } from "./sts.ts";

/** The services of one stack. Nobody may be calling them any more when they are disposed. */
export interface RunningServices extends AsyncDisposable {
  /** By the name a signature's scope has for them. */
  readonly byName: Readonly<Record<string, Service>>;
  readonly sqs: Sqs;
  readonly dynamodb: DynamoDb;
  readonly bucketEvents: BucketEvents;
}

/** Opens every service with what the data directory has kept for it. */
export async function startServices(deps: {
  readonly dataDir: string;
  readonly stack: StackResources;
  readonly onLog: (line: string) => void;
  readonly onEvent: (event: AcceptedEvent) => void;
  /** Told when a write has found no room. */
  readonly onError: (error: unknown) => void;
}): Promise<RunningServices> {
  const { dataDir, stack, onLog, onEvent, onError } = deps;
  await using starting = new AsyncDisposableStack();
  const closedAtEnd = <Opened extends { close(): void | Promise<void> }>(opened: Opened): Opened => {
    starting.defer(() => opened.close());
    return opened;
  };
  // Side by side: they wait for the disk most of the time.
  const opening = [
    openObjectStore(join(dataDir, "s3"), stack.buckets).then(closedAtEnd),
    openDynamoDb(join(dataDir, "dynamodb"), stack.tables, onError).then(closedAtEnd),
    startSqs(stack.queues).then(closedAtEnd),
    openSecretsManager(join(dataDir, "secrets.json"), stack.secrets),
  ] as const;
  // Where one fails, the others are closed, so they must be open.
  await Promise.allSettled(opening);
  const [store, dynamodb, sqs, secretsmanager] = await Promise.all(opening);
  const bucketEvents = createBucketEvents(stack, sqs.send);
  const byName = {
    s3: createS3({
      store,
      buckets: stack.buckets,
      onCreated: (created) => {
        bucketEvents.created(created).catch((error: unknown) => onLog(`An S3 event was not sent: ${String(error)}`));
      },
    }),
    sqs: sqs.service,
    dynamodb: dynamodb.service,
    secretsmanager,
    cloudformation: createCloudFormation(stack, Date.now()),
    sns: createSns(join(dataDir, "mails"), stack),
    sts: createSts(),
    lambda: createLambda(),
    events: createEventBridge(onEvent),
  };
  const running = starting.move();
  return { byName, sqs, dynamodb, bucketEvents, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
