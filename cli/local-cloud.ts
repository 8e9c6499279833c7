import { join, resolve } from "node:path";
import type { EmbeddedCloud, EmbeddedCloudOptions } from "../infra/local/embedded-cloud.ts";
import { simulatorAccount } from "../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { makePrivateDirectory } from "../infra/local/make-directory.ts";
import { preparedStack } from "../infra/local/prepared-stack.ts";
import { type Account, rateOf } from "../shared/account/account.ts";
import { createCredentialsSecret, writeCredentials } from "../shared/aws/secret.ts";
import type { CommittedCampaign } from "../shared/campaign/campaign.ts";
import { parseEndpoint } from "../shared/enswitch/endpoint.ts";
import type { Credentials } from "../shared/enswitch/enswitch.ts";
import { nudgeBody } from "../shared/ports/queue.ts";
import { clearShutdown, restart, resumeAfterFix, stopSending } from "../shared/reconcile/restart.ts";
import { checkSameKind, type DataSettings, readDataSettings, writeDataSettings } from "./data-directory.ts";
import { demonstratedSettings } from "./demonstration.ts";
import { Refused } from "./exit.ts";
import { projectContext, settingsFileName } from "./project-settings.ts";
import { settingsForSimulator, simulatorEndpointAtRest } from "./simulator-at-rest.ts";
import { type SimulatorThread, startSimulatorThread } from "./simulator-thread.ts";
import { openStack, type Stack } from "./stack.ts";

/** How to run all of bulk-send on this machine. */
export interface LocalRequest {
  readonly dataDir: string;
  /** Absent: the built-in simulator. */
  readonly endpoint: string | undefined;
  /** Calls per second; by default 100 to the simulator and 10 to an endpoint. */
  readonly rate: number | undefined;
  /**
   * Runs once the ledger is in order and before anything is sent. `unfinished` are the campaigns that would continue.
   * `false` leaves the functions off.
   */
  readonly prepare?: (stack: Stack, unfinished: readonly CommittedCampaign[]) => Promise<boolean>;
  /** Gets a line for everything that goes wrong inside. */
  readonly onLog: (line: string) => void;
  /** Gets every event that is announced. */
  readonly onEvent?: EmbeddedCloudOptions["onEvent"];
  /** Where to listen; by default any free port. */
  readonly port?: number;
  /** Lets the simulator go wrong as the demonstration needs it. */
  readonly demonstrated?: true;
  /** The share of people, from 0 to 1, who answer the simulator's messages, most of them with STOP; absent: nobody. */
  readonly replies?: number;
  /** The country in which numbers without a country code are, where the settings name none and people reply. */
  readonly country?: string;
  /** The built-in simulator where it loads already; whoever started it ends it, after the cloud. Otherwise one is started. */
  readonly simulator?: SimulatorThread;
}

/** A bulk-send running on this machine. Disposing lets calls in progress be recorded, then stops everything. */
export interface LocalCloud extends AsyncDisposable {
  readonly access: EmbeddedCloud;
  readonly stack: Stack;
  readonly simulated: boolean;
  /** The rate in force in calls per second, which may be lower than requested. */
  readonly sendsPerSecond: number;
}

/** Calls per second unless a rate is given. */
const defaultRates = { simulator: 100, endpoint: 10 } as const;

/** Longer than an answer may take: a call that was made is recorded, unless the person insists on stopping at once. */
const graceMs = 25_000;

/** Starts everything. Throws a Refused for unusable settings and `DataInUse` when another process uses the directory. */
export async function startLocalCloud(request: LocalRequest): Promise<LocalCloud> {
  const { dataDir, endpoint, onLog, onEvent, port } = request;
  const simulated = endpoint === undefined;
  const credentials = simulated ? simulatorAccount : credentialsFromEnvironment();
  if (endpoint !== undefined) parseEndpoint(endpoint);
  const context = await contextFor(request);
  const before = await readDataSettings(dataDir);
  checkSameKind(dataDir, before, simulated);

  await using starting = new AsyncDisposableStack();
  const sendsPerSecond = request.rate ?? (simulated ? defaultRates.simulator : defaultRates.endpoint);
  // The simulator loads in its thread while the cloud's modules load here.
  const destination = endpoint ?? (request.simulator ?? starting.use(startSimulator(request))).endpoint;
  if (simulated) await makePrivateDirectory(simulatorDirectory(dataDir));
  const { startEmbeddedCloud } = await import("../infra/local/embedded-cloud.ts");
  let stack: Stack | undefined;
  let wanted = true;
  const cloud = await startEmbeddedCloud({
    dataDir,
    stack: preparedStack({
      ...(simulated ? settingsForSimulator(context) : context),
      endpoint: await destination,
      sendsPerSecond,
    }),
    environment: {
      ...(typeof context["caFile"] === "string" ? { CA_FILE: context["caFile"] } : {}),
      ...(simulated ? { SIMULATED: "true" } : {}),
      DATA_DIRECTORY: resolve(dataDir),
    },
    functions: () => wanted,
    onServicesUp: async (services) => {
      await writeDataSettings(dataDir, { simulated, endpoint: endpoint ?? "the simulator", sendsPerSecond });
      stack = await openStack(services.stackName, services);
      wanted = await prepareStack(stack, request, before, credentials);
    },
    onLog,
    onEvent,
    graceMs,
    port,
  });
  starting.use(cloud);
  if (stack === undefined) throw new Error("The embedded cloud started without its services.");
  const opened = starting.use(stack);
  starting.defer(() => stopSending(opened.account));
  const inForce = rateOf(await opened.account.read(), sendsPerSecond);
  const running = starting.move();
  return {
    access: cloud,
    stack: opened,
    simulated,
    sendsPerSecond: inForce,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Puts the ledger and the secret in order before anything is sent. Returns whether the functions are to run. */
async function prepareStack(
  stack: Stack,
  { endpoint, rate, prepare }: LocalRequest,
  before: DataSettings | undefined,
  credentials: Credentials,
): Promise<boolean> {
  const unfinished = await restart(stack);
  if (before?.endpoint !== endpoint) await resumeAfterFix(stack.account, ["endpoint"]);
  // A rate given now overrides the one set by bulk-send rate, which otherwise stays.
  if (rate !== undefined) await stack.account.change(withoutRate);
  await storeCredentials(stack, credentials);
  // What was cut off continues at once.
  if (unfinished.length > 0) await stack.nudge([nudgeBody({ kind: "look" })]);
  return (await prepare?.(stack, unfinished)) ?? true;
}

/** Starts the services alone on a directory that no process is using, so that people can see and control its campaigns. */
export async function openAtRest(dataDir: string): Promise<EmbeddedCloud> {
  const settings = await readDataSettings(dataDir);
  const simulated = settings?.simulated ?? true;
  const [context, { startEmbeddedCloud }] = await Promise.all([
    projectContext(),
    import("../infra/local/embedded-cloud.ts"),
  ]);
  return startEmbeddedCloud({
    dataDir,
    onServicesUp: async (services) => {
      using stack = await openStack(services.stackName, services);
      await clearShutdown(stack.account);
    },
    stack: preparedStack({
      ...(simulated ? settingsForSimulator(context) : context),
      endpoint: settings === undefined || settings.simulated ? simulatorEndpointAtRest : settings.endpoint,
      sendsPerSecond: settings?.sendsPerSecond ?? defaultRates.endpoint,
    }),
    functions: false,
  });
}

/** What decides whether people may reply. */
type Replying = Pick<LocalRequest, "endpoint" | "replies" | "country" | "demonstrated">;

/** Throws a Refused where people are to reply and cannot, before anything is begun for them. */
export const checkReplies = async (request: Replying): Promise<void> => void (await contextFor(request));

/** The project's settings. Who lets people reply wants to see what becomes of it: their replies are read. Throws a Refused where that takes a country. */
async function contextFor({ endpoint, replies, country: given, demonstrated }: Replying) {
  const context = demonstrated ? demonstratedSettings : await projectContext();
  if (replies === undefined) return context;
  if (endpoint !== undefined) {
    throw new Refused("--replies is for the simulator; people who are really texted answer by themselves.");
  }
  const country = (context["country"] ?? "") === "" ? given : context["country"];
  if (country === undefined) {
    throw new Refused(
      `--replies needs a country: the setting country in ${settingsFileName}, such as "GB", or that of the list (--country with run). Without it, the country of a number without + cannot be told.`,
    );
  }
  const { optOut } = context;
  return { ...context, country, optOut: typeof optOut === "object" ? optOut : true };
}

const withoutRate = (account: Account) => ({
  account: account.rate === undefined ? account : { ...account, rate: undefined },
  result: undefined,
});

const simulatorDirectory = (dataDir: string) => join(dataDir, "simulator");

/** Starts the simulator that a request without an endpoint needs. Writes nothing before the first call. */
export const startSimulator = ({
  dataDir,
  demonstrated,
  replies,
}: Pick<LocalRequest, "dataDir" | "demonstrated" | "replies">): SimulatorThread =>
  startSimulatorThread({ recordFile: join(simulatorDirectory(dataDir), "calls.ndjson"), demonstrated, replies });

function credentialsFromEnvironment(): Credentials {
  const { ENSWITCH_USERNAME: username = "", ENSWITCH_PASSWORD: password = "" } = process.env;
  if (username === "" || password === "") {
    throw new Refused(
      "Set ENSWITCH_USERNAME and ENSWITCH_PASSWORD in the environment: with --endpoint, messages are really sent, and as that user.",
    );
  }
  return { username, password };
}

/** New credentials end a pause that waited for them; storing the same ones again changes nothing. */
async function storeCredentials(stack: Stack, credentials: Credentials) {
  const secret = createCredentialsSecret(stack.secrets, stack.outputs.SecretArn);
  const stored = await secret.read();
  if (stored?.username === credentials.username && stored.password === credentials.password) return;
  await writeCredentials(stack.secrets, stack.outputs.SecretArn, credentials);
  await resumeAfterFix(stack.account, ["credentials", "privilege"]);
}
