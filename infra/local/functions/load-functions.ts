import { basename, dirname, join, parse } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { SenderEnv } from "../../../functions/environment.ts";
import { sites } from "../../rates.ts";
import type { AccessControl } from "../gateway/access-control.ts";
import type { Principals } from "../gateway/principals.ts";
import type { Sqs } from "../services/sqs.ts";
import type { FunctionResource, QueueEventSource, QueueResource, StackResources } from "../template/resources.ts";
import { startEventSource } from "./event-sources.ts";
import { lambdaEnvironment } from "./lambda-environment.ts";
import { startSchedules } from "./schedules.ts";
import { createFunctionWorkers, type FunctionWorkers } from "./workers.ts";

/**
 * What functions are told here and not on AWS: to note, every tenth of a second, the outcomes of a batch under way, so that a killed
 * process puts little more in doubt than what waits for its answers
 * (docs/decisions/0016-outcomes-are-noted-where-a-write-costs-nothing.md); how fast one execution sends
 * (docs/decisions/0022-one-sender-at-a-time-on-one-machine.md); and to try a row that missed its slot again as soon as an invocation
 * ends, because there is no other turn to wait for.
 */
const localEnvironment = {
  NOTE_EVERY_MS: "100",
  LANE_RATE: String(sites.local.laneRate),
  AFTER_OTHERS_MS: String(sites.local.secondsInAnyCase * 1_000),
} as const satisfies Partial<Record<keyof typeof SenderEnv.shape, string>>;

/** The stack's functions, each loaded or loading. Disposing ends their environments, whatever they are doing. */
export interface LoadedFunctions extends AsyncDisposable {
  /** Starts the event sources and the schedules. Throws an `Error` when a function or a schedule lacks a right on its queue. */
  begin(deps: BeginDeps): RunningFunctions;
  /** JavaScript memory in use in each environment of each function, in bytes, by the function's logical id. */
  heaps(): Promise<Readonly<Record<string, readonly number[]>>>;
  /** Ends a function's environments, whatever they are doing. Returns how many there were. */
  endEnvironments(logicalId: string): Promise<number>;
}

/** Functions at work. Disposing stops them. */
export interface RunningFunctions extends AsyncDisposable {
  /** Takes no more messages, waits for the invocations that run, but no longer than `graceMs`, and ends all. */
  stop(graceMs: number): Promise<void>;
}

interface FunctionsDeps {
  readonly dataDir: string;
  readonly endpoint: string;
  readonly stack: StackResources;
  /** The source files that export the functions' handlers, by logical id. */
  readonly entries: Readonly<Record<string, string>>;
  /** More variables for every function; they override the template's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly principals: Pick<Principals, "keyOf">;
}

interface BeginDeps {
  readonly access: AccessControl;
  readonly sqs: Sqs;
  readonly onLog: (line: string) => void;
  /** How long running invocations may continue when the functions are disposed, in milliseconds. */
  readonly graceMs: number;
}

/**
 * Loads the functions, for which nothing else need be running. Those that a schedule calls are loaded when they are called: a
 * list that was uploaded just now does not wait for them. Throws an `Error` when a function's source file is unknown.
 */
export async function loadFunctions(deps: FunctionsDeps): Promise<LoadedFunctions> {
  const { stack } = deps;
  await using loading = new AsyncDisposableStack();
  const workersOf = new Map<FunctionResource, FunctionWorkers>();
  const scheduled = new Set(stack.schedules.map(({ targetArn }) => targetArn));
  for (const fn of stack.functions) {
    const workers = await createWorkers(deps, fn);
    loading.defer(() => workers.close());
    workersOf.set(fn, workers);
    if (!sourcesOf(stack, fn).some(({ queueArn }) => scheduled.has(queueArn))) workers.warmUp();
  }
  const loaded = loading.move();
  return {
    begin: (beginning) => begin(stack, workersOf, beginning),
    heaps: async () =>
      Object.fromEntries(
        await Promise.all(
          [...workersOf].map(async ([{ logicalId }, workers]) => [logicalId, await workers.heaps()] as const),
        ),
      ),
    endEnvironments: async (logicalId) => {
      const found = [...workersOf].find(([fn]) => fn.logicalId === logicalId);
      return (await found?.[1].endAll()) ?? 0;
    },
    [Symbol.asyncDispose]: () => loaded.disposeAsync(),
  };
}

const sourcesOf = ({ eventSources }: StackResources, fn: FunctionResource) =>
  eventSources.filter(({ functionName }) => functionName === fn.name);

function begin(
  stack: StackResources,
  loaded: ReadonlyMap<FunctionResource, FunctionWorkers>,
  { access, sqs, onLog, graceMs }: BeginDeps,
): RunningFunctions {
  const eventSources = [...loaded].flatMap(([fn, { invoke }]) =>
    sourcesOf(stack, fn).map((source) => {
      const queue = readableQueue(stack, access, fn, source);
      return { source, queue, sqs, invoke, onLog };
    }),
  );
  const stopSchedules = startSchedules({ stack, access, send: sqs.send, onLog });
  const reading = eventSources.map(startEventSource);
  const stop = async (patienceMs: number): Promise<void> => {
    stopSchedules();
    await withinMs(Promise.all(reading.map((source) => source.stop())), patienceMs);
    // An invocation that outlasts its grace is ended along with its worker.
    await Promise.all([...loaded.values()].map((workers) => workers.close()));
  };
  return { stop, [Symbol.asyncDispose]: () => stop(graceMs) };
}

function createWorkers(deps: FunctionsDeps, fn: FunctionResource): Promise<FunctionWorkers> {
  const { dataDir, endpoint, entries, environment, principals } = deps;
  const entry = entries[fn.logicalId];
  if (entry === undefined) {
    throw new Error(`The template has a function ${fn.logicalId}, but its source file is not known.`);
  }
  return createFunctionWorkers({
    fn,
    entry: pathToFileURL(entry),
    variables: {
      ...lambdaEnvironment(fn, endpoint, principals.keyOf(fn.logicalId)),
      ...fn.environment,
      ...localEnvironment,
      ...environment,
    },
    logFile: join(dataDir, "logs", `${nameOf(entry)}.log`),
  });
}

/** A function is called as its source file is; a bundle, always `index.mjs`, as its folder is. */
function nameOf(entry: string): string {
  const { name } = parse(entry);
  return name === "index" ? basename(dirname(entry)) : name;
}

/** The queue of an event source. Throws an `Error` when the function's role may not read it. */
function readableQueue(
  stack: StackResources,
  access: AccessControl,
  fn: FunctionResource,
  source: QueueEventSource,
): QueueResource {
  const queue = stack.queues.find((candidate) => candidate.arn === source.queueArn);
  if (queue === undefined) {
    throw new Error(`${source.logicalId} reads ${source.queueArn}, which is not a queue of the stack.`);
  }
  const needed = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
  const missing = needed.filter((action) => !access.allows(fn.roleArn, `sqs:${action}`, queue.arn));
  if (missing.length > 0) {
    throw new Error(`${fn.logicalId} may not read its queue ${queue.logicalId}: its role lacks ${missing.join(", ")}.`);
  }
  return queue;
}

/** Waits for work, but no longer than this. */
async function withinMs(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const patience = new AbortController();
  const timeUp = sleep(milliseconds, undefined, { signal: patience.signal }).catch(() => {});
  try {
    await Promise.race([work, timeUp]);
  } finally {
    patience.abort();
  }
}
