import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { devNull } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { isLocked, lockData } from "./data-lock.ts";
import { startEventSource } from "./functions/event-sources.ts";
import { startSchedules } from "./functions/schedules.ts";
import { createFunctionWorkers, type FunctionWorkers } from "./functions/workers.ts";
import { createAccessControl, type Denial, type Grant } from "./gateway/access-control.ts";
import { type Caller, createGateway, type Service } from "./gateway/gateway.ts";
import { createUsageRecorder, type RequestCount } from "./gateway/usage.ts";
import { createBucketEvents } from "./s3/bucket-events.ts";
import { openObjectStore } from "./s3/object-store.ts";
import { createS3 } from "./s3/s3-service.ts";
import { createStackService } from "./services/cloudformation.ts";
import { openDynamoDb } from "./services/dynamodb.ts";
import { createFunctionLimitsService } from "./services/lambda.ts";
import { openSecrets } from "./services/secrets-manager.ts";
import { createMailService } from "./services/sns.ts";
import { startSqs } from "./services/sqs.ts";
import { createIdentityService } from "./services/sts.ts";
import { readTemplate } from "./template/read-template.ts";
import { type FunctionResource, region, type StackResources } from "./template/resources.ts";

/** What a client outside needs to use the embedded cloud as it would AWS. */
export interface CloudAccess {
  readonly endpoint: string;
  readonly region: string;
  /** May do everything; the secret key is not verified. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stackName: string;
}

/** What has been asked of the embedded cloud since it started. */
export interface CloudUsage {
  requests(): readonly RequestCount[];
  /** Every right on a service there is here that the template's roles have, and how often each was used. */
  grants(): readonly Grant[];
  /** Calls of functions that their roles do not allow; none is expected. */
  denials(): readonly Denial[];
  /** JavaScript memory in use in each environment of each function, bytes, by the function's logical id. */
  heaps(): Promise<Readonly<Record<string, readonly number[]>>>;
}

/** What now and then befalls a stack on AWS, to be had here at will. */
export interface Mishaps {
  /** Ends a function's environments in the middle of what they do. Returns how many there were. */
  endEnvironments(logicalId: string): Promise<number>;
  /** Every message in every queue is lost. */
  loseMessages(): Promise<void>;
  /** DynamoDB answers writes with an internal error until told otherwise. */
  refuseLedgerWrites(refuse: boolean): void;
}

/** A running embedded cloud. Disposing stops taking work, waits a while for what runs, and ends everything. */
export interface EmbeddedCloud extends CloudAccess, AsyncDisposable {
  readonly stack: StackResources;
  /** The stack's outputs by key. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly usage: CloudUsage;
  readonly mishaps: Mishaps;
  /** Credentials with the rights of a function, or of a managed policy alone, by logical id: to try what they allow. */
  credentialsOf(logicalId: string): CloudAccess["credentials"];
  /** Puts a message into a queue, as a client could. */
  send(queueUrl: string, body: string): Promise<void>;
}

/** A CloudFormation template and, by logical id, the source files that export its functions' handlers. */
export interface SynthesisedStack {
  readonly template: unknown;
  readonly entries: Readonly<Record<string, string>>;
}

/** How an embedded cloud is to run. */
export interface EmbeddedCloudOptions {
  /** Everything is kept under here; one process at a time. */
  readonly dataDir: string;
  /** The synthesised stack, or its promise: the lock is taken and the port bound before it is awaited. */
  readonly stack: SynthesisedStack | Promise<SynthesisedStack>;
  /** Default "BulkSend". */
  readonly stackName?: string;
  /** Where to listen on 127.0.0.1; by default any free port. */
  readonly port?: number;
  /** More variables for every function, over the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False: services only; nothing is taken from the queues. A function is asked after `onServicesUp`. */
  readonly functions?: boolean | (() => boolean);
  /** Runs when the services answer and before any function does. */
  readonly onServicesUp?: (cloud: EmbeddedCloud) => Promise<void>;
  /** Told, one line each, of denied calls, failed invocations and internal errors. */
  readonly onLog?: (line: string) => void;
  /** How long running invocations may go on when the cloud is disposed, in milliseconds; default 15 s. */
  readonly graceMs?: number;
}

/** The file in the data directory that tells other processes how to reach a running cloud. */
const accessFile = "cloud.json";
const AccessFile = z.object({ endpoint: z.url(), accessKeyId: z.string().min(1), stackName: z.string().min(1) });

/**
 * Starts the stack of a synthesised template on this machine. Order: lock, services, `onServicesUp`, functions.
 * Throws `DataInUse` when another process works on the directory.
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const { dataDir, onLog = () => {}, graceMs = 15_000, stackName = "BulkSend" } = options;
  const synthesised = Promise.resolve(options.stack);
  // It is awaited later, or never when the start fails before.
  synthesised.catch(() => {});
  await using starting = new AsyncDisposableStack();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  starting.use(await lockData(dataDir));

  let handler: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(503).end();
  };
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) =>
    handler(request, response),
  );
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const hangUp = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  starting.defer(hangUp);
  const address = z.object({ port: z.number() }).parse(server.address());
  const endpoint = `http://127.0.0.1:${address.port}`;

  const { template, entries } = await synthesised;
  const stack = readTemplate(template, { stackName, endpoint });
  const usage = createUsageRecorder();
  const principals = [
    ...stack.functions.map((fn) => ({ id: fn.logicalId, roleArn: fn.roleArn })),
    ...stack.people.map((policy) => ({ id: policy.logicalId, roleArn: policy.arn })),
  ];
  const access = createAccessControl([...stack.roles, ...stack.people], (denial) =>
    onLog(
      `Denied: ${denial.role} may not ${denial.action} on ${denial.resource}; no policy of the template allows it.`,
    ),
  );

  const store = await openObjectStore(join(dataDir, "s3"), stack.buckets);
  starting.defer(() => store.close());
  const dynamodb = await openDynamoDb(join(dataDir, "dynamodb"), stack.tables);
  starting.defer(() => dynamodb.close());
  const sqs = await startSqs(stack.queues);
  starting.defer(() => sqs.close());
  const bucketEvents = createBucketEvents(stack, sqs.send);

  const accessKeyId = await operatorKey(dataDir);
  const keyOf = new Map(principals.map(({ id }) => [id, `LOCAL${randomBytes(12).toString("hex")}`]));
  const callers = new Map<string, Caller>(
    principals.map(({ id, roleArn }) => [keyOf.get(id) ?? "", { kind: "role", name: id, roleArn }]),
  );
  callers.set(accessKeyId, { kind: "operator" });

  const services: Readonly<Record<string, Service>> = {
    s3: createS3({
      store,
      buckets: stack.buckets,
      onCreated: (created) => {
        bucketEvents.created(created).catch((error: unknown) => onLog(`An S3 event was not sent: ${String(error)}`));
      },
    }),
    sqs: sqs.service,
    dynamodb: dynamodb.service,
    secretsmanager: await openSecrets(join(dataDir, "secrets.json"), stack.secrets),
    cloudformation: createStackService(stack, Date.now()),
    sns: createMailService(join(dataDir, "mails"), stack),
    sts: createIdentityService(),
    lambda: createFunctionLimitsService(),
  };
  // Nobody may be asking when the services close.
  starting.defer(hangUp);
  handler = createGateway({
    services,
    callerOf: (key) => callers.get(key),
    access,
    usage,
    onError: (error) => onLog(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });

  const workersOf = new Map<string, FunctionWorkers>();
  const running = new AsyncDisposableStack();
  const cloud: EmbeddedCloud = {
    endpoint,
    region,
    stackName,
    credentials: { accessKeyId, secretAccessKey: "local" },
    stack,
    outputs: Object.fromEntries(stack.outputs.map((output) => [output.key, output.value])),
    usage: {
      requests: usage.requests,
      grants: () => access.grants().filter((grant) => Object.hasOwn(services, grant.action.split(":", 1)[0] ?? "")),
      denials: access.denials,
      heaps: async () =>
        Object.fromEntries(
          await Promise.all([...workersOf].map(async ([id, workers]) => [id, await workers.heaps()] as const)),
        ),
    },
    mishaps: {
      endEnvironments: async (logicalId) => (await workersOf.get(logicalId)?.endAll()) ?? 0,
      loseMessages: sqs.restart,
      refuseLedgerWrites: dynamodb.refuseWrites,
    },
    credentialsOf: (logicalId) => {
      const key = keyOf.get(logicalId);
      if (key === undefined) throw new Error(`The stack has no function and no managed policy ${logicalId}.`);
      return { accessKeyId: key, secretAccessKey: "local" };
    },
    send: sqs.send,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  await writePrivately(
    join(dataDir, accessFile),
    JSON.stringify({ endpoint, accessKeyId, stackName } satisfies z.infer<typeof AccessFile>),
  );
  await bucketEvents.announceTest();
  await options.onServicesUp?.(cloud);

  const { functions = true } = options;
  if (typeof functions === "boolean" ? functions : functions()) {
    const eventSources: Parameters<typeof startEventSource>[0][] = [];
    for (const fn of stack.functions) {
      const sources = stack.eventSources.filter((source) => source.functionName === fn.name);
      const entry = entryOf(fn, entries);
      const workers = await createFunctionWorkers({
        fn,
        entry: pathToFileURL(entry),
        environment: {
          ...lambdaEnvironment(fn, endpoint, keyOf.get(fn.logicalId) ?? ""),
          ...fn.environment,
          ...options.environment,
        },
        logFile: join(dataDir, "logs", `${basename(entry, ".ts")}.log`),
      });
      starting.defer(() => workers.close());
      workersOf.set(fn.logicalId, workers);
      void workers.warmUp();
      const mayRead = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
      for (const source of sources) {
        const queue = stack.queues.find((candidate) => candidate.arn === source.queueArn);
        if (queue === undefined)
          throw new Error(`${source.logicalId} reads ${source.queueArn}, which is no queue of the stack.`);
        const missing = mayRead.filter((action) => !access.allows(fn.roleArn, `sqs:${action}`, queue.arn));
        if (missing.length > 0) {
          throw new Error(
            `${fn.logicalId} may not read its queue ${queue.logicalId}: its role lacks ${missing.join(", ")}.`,
          );
        }
        eventSources.push({ source, queue, sqs, invoke: workers.invoke, onLog });
      }
    }
    const reading = eventSources.map(startEventSource);
    // Bounded: an invocation that does not end is ended with its worker.
    starting.defer(() => withinMs(Promise.all(reading.map((source) => source.stop())), graceMs));
    starting.defer(startSchedules({ stack, access, send: sqs.send, onLog }));
  }

  running.use(starting.move());
  return cloud;
}

/** How to reach the cloud that some process runs on a data directory; `undefined` when none does. */
export async function findEmbeddedCloud(dataDir: string): Promise<CloudAccess | undefined> {
  const found = await readAccess(dataDir);
  if (found === undefined || !(await isLocked(dataDir))) return undefined;
  return {
    endpoint: found.endpoint,
    region,
    stackName: found.stackName,
    credentials: { accessKeyId: found.accessKeyId, secretAccessKey: "local" },
  };
}

async function readAccess(dataDir: string): Promise<z.infer<typeof AccessFile> | undefined> {
  try {
    return AccessFile.parse(JSON.parse(await readFile(join(dataDir, accessFile), "utf8")));
  } catch {
    return undefined;
  }
}

/** The key stays the same over restarts, so that a client's settings stay good. */
async function operatorKey(dataDir: string): Promise<string> {
  return (await readAccess(dataDir))?.accessKeyId ?? `OPERATOR${randomBytes(12).toString("hex")}`;
}

async function writePrivately(file: string, text: string): Promise<void> {
  await writeFile(`${file}.next`, text, { mode: 0o600 });
  await rename(`${file}.next`, file);
}

function entryOf(fn: FunctionResource, entries: Readonly<Record<string, string>>): string {
  const entry = entries[fn.logicalId];
  if (entry === undefined)
    throw new Error(`The template has a function ${fn.logicalId}, but no source file is known for it.`);
  return entry;
}

/** The variables Lambda itself sets. The machine's own AWS configuration must not reach the functions. */
function lambdaEnvironment(fn: FunctionResource, endpoint: string, accessKeyId: string): Record<string, string> {
  return {
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  };
}

/** Waits for work, though not longer than that. */
async function withinMs(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const patience = new AbortController();
  const timer = new Promise<void>((resolve) => {
    const timeout = setTimeout(resolve, milliseconds);
    patience.signal.addEventListener("abort", () => {
      clearTimeout(timeout);
      resolve();
    });
  });
  await Promise.race([work, timer]);
  patience.abort();
}
