import { type CloudAccess, publishAccess } from "./cloud-access.ts";
import { createLocalConsole, type LocalConsole, type StacksConsole } from "./console/local-console.ts";
import { asksForConsole } from "./console/serve-console.ts";
import { lockData } from "./data-lock.ts";
import { type LoadedFunctions, loadFunctions } from "./functions/load-functions.ts";
import { type AccessControl, createAccessControl, type Denial, type GrantedRight } from "./gateway/access-control.ts";
import type { Caller } from "./gateway/call.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createPrincipals, type Principals, poolRoleArn, userArn } from "./gateway/principals.ts";
import { proofOf } from "./gateway/proof.ts";
import { createUsageRecorder, type RequestCount } from "./gateway/usage.ts";
import { listenLocally } from "./local-server.ts";
import { makePrivateDirectory } from "./make-directory.ts";
import { createServiceErrors } from "./service-errors.ts";
import type { AcceptedEvent } from "./services/eventbridge.ts";
import type { RunningServices, startServices } from "./services/start-services.ts";
import { readTemplate } from "./template/read-template.ts";
import { region, type StackResources } from "./template/resources.ts";

/** What has been asked of the embedded cloud since it started. */
export interface CloudUsage {
  requests(): readonly RequestCount[];
  /** Every right that the template's roles have on a service offered here, and how often each was used. */
  grants(): readonly GrantedRight[];
  /** Calls of functions that their roles do not allow; none are expected. */
  denials(): readonly Denial[];
  /** JavaScript memory in use in each environment of each function, in bytes, by the function's logical id. */
  heaps(): Promise<Readonly<Record<string, readonly number[]>>>;
}

/** Faults that a stack meets on AWS now and then, here on demand. */
export interface CloudFaults {
  /** Ends a function's environments, whatever they are doing. Returns how many there were. */
  endEnvironments(logicalId: string): Promise<number>;
  /** Loses every message in every queue. */
  loseMessages(): Promise<void>;
  /** While true, DynamoDB answers writes with an internal error. */
  refuseLedgerWrites(refuse: boolean): void;
}

/** A running embedded cloud. Disposing stops taking work, waits a while for what is running, and ends everything. */
export interface EmbeddedCloud extends CloudAccess, AsyncDisposable {
  readonly stack: StackResources;
  /** The stack's outputs by key. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly usage: CloudUsage;
  readonly faults: CloudFaults;
  /** Credentials with the rights of a function, or of a managed policy alone, by logical id, to try out what it allows. */
  credentialsOf(logicalId: string): CloudAccess["credentials"];
  /** Credentials of a new IAM user who has these managed policies, by logical id. Throws an `Error` for an unknown one. */
  userWith(name: string, policies: readonly string[]): CloudAccess["credentials"];
  /**
   * Credentials of somebody who uses the role `role` of an identity pool, with these managed policies and principal tags: all
   * who use it have one id. Throws an `Error` for an unknown policy.
   */
  poolSession(
    role: string,
    policies: readonly string[],
    tags: Readonly<Record<string, string>>,
  ): CloudAccess["credentials"];
  /** The console; absent where the stack comes without a page. */
  readonly console?: Pick<LocalConsole, "link" | "linkFor" | "expireSessions">;
  /** Puts a message into a queue, as a client could. */
  send(queueUrl: string, body: string): Promise<void>;
}

/** A CloudFormation template and, by logical id, the source files that export its functions' handlers. */
export interface SynthesisedStack {
  readonly template: unknown;
  readonly entries: Readonly<Record<string, string>>;
  /** The console's page; without it there is no console. */
  readonly console?: StacksConsole;
}

/** How to run an embedded cloud. */
export interface EmbeddedCloudOptions {
  /** Everything is kept in here; one process at a time. */
  readonly dataDir: string;
  /** The synthesised stack, or a promise of it: the lock is taken and the port bound before it is awaited. */
  readonly stack: SynthesisedStack | Promise<SynthesisedStack>;
  /** Default "BulkSend". */
  readonly stackName?: string;
  /** Where to listen on 127.0.0.1; by default any free port. */
  readonly port?: number;
  /** Extra environment variables for every function; they override the template's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False: only services run. A callback decides after `onServicesUp`. */
  readonly functions?: boolean | (() => boolean);
  /** Called when the services open, which mostly wait for the disk; nothing waits for it. */
  readonly whileServicesOpen?: () => void;
  /** Called when the services answer and before any function runs. */
  readonly onServicesUp?: (cloud: EmbeddedCloud) => Promise<void>;
  /** Receives one line for each denied call, failed invocation and internal error. */
  readonly onLog?: (line: string) => void;
  /** Receives every event that is put on the default event bus. */
  readonly onEvent?: (event: AcceptedEvent) => void;
  /** How long running invocations may continue when the cloud is disposed, in milliseconds; default 15 s. */
  readonly graceMs?: number;
}

/**
 * Starts the stack of a synthesised template on this machine. Order: lock, services, `onServicesUp`, functions.
 * Throws `DataInUse` when another process is working on the directory.
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const { dataDir, onLog = () => {}, onEvent = () => {}, graceMs = 15_000, stackName = "BulkSend" } = options;
  const synthesised = Promise.resolve(options.stack);
  // Awaited later, or never if the start fails before.
  synthesised.catch(() => {});
  await using starting = new AsyncDisposableStack();
  await makePrivateDirectory(dataDir);
  starting.use(lockData(dataDir));
  const server = await listenLocally(options.port);
  starting.defer(() => server.close());
  const { endpoint } = server;

  const { template, entries, console: stacksConsole } = await synthesised;
  const stack = readTemplate(template, { stackName, endpoint });
  const usage = createUsageRecorder();
  const access = createAccessControl([...stack.roles, ...stack.peoplePolicies], ({ role, action, resource }) =>
    onLog(`Denied: ${role} may not ${action} on ${resource}; no policy in the template allows it.`),
  );
  const { operator: credentials, ...principals } = createPrincipals(stack);
  const { functions: runFunctions = true, environment = {} } = options;
  // They load in their threads while the services load and open here.
  const functions = runFunctions
    ? starting.use(await loadFunctions({ dataDir, endpoint, stack, entries, environment, principals }))
    : undefined;
  const { onError, letFinish } = createServiceErrors(onLog);
  const services = starting.use(
    await openServices({ dataDir, stack, onLog, onEvent, onError }, options.whileServicesOpen),
  );
  // Closed before the services, which nobody may be calling then; the `defer` above is for a start that fails earlier.
  starting.defer(() => server.close());
  const people = createPeople(stack, access, principals);
  const ownConsole =
    stacksConsole &&
    createLocalConsole({
      ...{ ...stacksConsole, ...principals, endpoint, region, credentials, stack, onError },
      simulated: environment["SIMULATED"] === "true",
      newPerson: people.poolSession,
    });
  const { turnOf, answerFunctions } = holdFunctions(stack);
  const prove = (challenge: string) => proofOf({ ...credentials, challenge, endpoint });
  const gateway = createGateway({ ...principals, services: services.byName, prove, turnOf, access, usage, onError });
  server.serve((request, response) => {
    ((asksForConsole(request) ? ownConsole?.serve : undefined) ?? gateway)(request, response);
  });

  const running = new AsyncDisposableStack();
  const cloud: EmbeddedCloud = {
    endpoint,
    region,
    stackName,
    credentials,
    stack,
    outputs: Object.fromEntries(stack.outputs.map((output) => [output.key, output.value])),
    usage: usageOf(services, usage, access, functions),
    faults: faultsOf(services, functions),
    credentialsOf: principals.keyOf,
    ...people,
    console: ownConsole,
    send: services.sqs.send,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  starting.use(await publishAccess(dataDir, cloud));
  await options.onServicesUp?.(cloud);
  answerFunctions();
  if (typeof runFunctions === "boolean" ? runFunctions : runFunctions()) {
    letFinish(starting.use(functions?.begin({ access, sqs: services.sqs, onLog, graceMs })));
  }
  running.use(starting.move());
  return cloud;
}

/** Loads and opens the services, and lets others use the time in which they wait for the disk. */
async function openServices(
  deps: Parameters<typeof startServices>[0],
  whileServicesOpen: EmbeddedCloudOptions["whileServicesOpen"],
): Promise<RunningServices> {
  const { startServices } = await import("./services/start-services.ts");
  const opening = startServices(deps);
  whileServicesOpen?.();
  return opening;
}

/**
 * Has what the functions ask for while they load wait until all is in order: one that loads early must not remember credentials
 * that are about to be replaced.
 */
function holdFunctions({ functions }: Pick<StackResources, "functions">) {
  const inOrder = Promise.withResolvers<void>();
  const roles = new Set(functions.map(({ roleArn }) => roleArn));
  return {
    turnOf: (caller: Caller) => (caller.kind === "role" && roles.has(caller.roleArn) ? inOrder.promise : undefined),
    answerFunctions: inOrder.resolve,
  };
}

const usageOf = (
  { byName }: RunningServices,
  { requests }: Pick<CloudUsage, "requests">,
  access: AccessControl,
  functions: LoadedFunctions | undefined,
): CloudUsage => ({
  requests,
  grants: () => access.grants().filter(({ action }) => Object.hasOwn(byName, action.split(":", 1)[0] ?? "")),
  denials: access.denials,
  heaps: async () => (await functions?.heaps()) ?? {},
});

const faultsOf = ({ sqs, dynamodb }: RunningServices, functions: LoadedFunctions | undefined): CloudFaults => ({
  endEnvironments: async (logicalId) => (await functions?.endEnvironments(logicalId)) ?? 0,
  loseMessages: sqs.restart,
  refuseLedgerWrites: dynamodb.refuseWrites,
});

/** Makes people who have some of the stack's managed policies. */
const createPeople = (
  stack: StackResources,
  access: AccessControl,
  principals: Pick<Principals, "addUser" | "addPoolSession">,
): Pick<EmbeddedCloud, "userWith" | "poolSession"> => ({
  userWith: (name, logicalIds) => {
    access.add({ arn: userArn(name), policies: policiesOf(stack, logicalIds) });
    return principals.addUser(name, userArn(name));
  },
  poolSession: (role, logicalIds, tags) => {
    access.add({ arn: poolRoleArn(role), policies: policiesOf(stack, logicalIds) });
    return principals.addPoolSession(poolRoleArn(role), tags);
  },
});

/** The statements of managed policies. Throws an `Error` for one that the stack does not have. */
const policiesOf = ({ peoplePolicies }: StackResources, logicalIds: readonly string[]) =>
  logicalIds.flatMap((logicalId) => {
    const found = peoplePolicies.find((policy) => policy.logicalId === logicalId);
    if (found === undefined) throw new Error(`The stack has no managed policy ${logicalId}.`);
    return found.policies;
  });
