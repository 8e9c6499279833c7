import { resolve } from "node:path";
import type { EmbeddedCloud, EmbeddedCloudOptions } from "../infra/local/embedded-cloud.ts";
import { simulatorAccount } from "../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { makePrivateDirectory } from "../infra/local/make-directory.ts";
import { preparedStack } from "../infra/local/prepared-stack.ts";
import { rateOf } from "../shared/account/account.ts";
import { parseEndpoint } from "../shared/enswitch/endpoint.ts";
import type { Credentials } from "../shared/enswitch/enswitch.ts";
import { clearShutdown, stopSending } from "../shared/reconcile/restart.ts";
import { checkSameKind, readDataSettings } from "./data-directory.ts";
import { defaultRates } from "./defaults.ts";
import { demonstratedSettings } from "./demonstration.ts";
import { Refused } from "./exit.ts";
import { projectContext, settingsFileName } from "./project-settings.ts";
import type { OrderRequest } from "./put-in-order.ts";
import { settingsForSimulator, simulatorEndpointAtRest } from "./simulator-at-rest.ts";
import { type SimulatorThread, simulatorDirectory, startSimulator } from "./simulator-thread.ts";
import type { Stack } from "./stack.ts";

/** How to run all of bulk-send on this machine. */
export interface LocalRequest extends OrderRequest {
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

/** With it come the SDK's clients, which load while the services open. */
const loadCaller = () => import("./put-in-order.ts");

/** Loads it ahead; what goes wrong is said where it is needed. */
const beginToLoadCaller = () => void loadCaller().catch(() => {});

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
    whileServicesOpen: beginToLoadCaller,
    onServicesUp: async (services) => {
      // In the data directory, of which an unusable one is to be named as it was given.
      if (simulated) await makePrivateDirectory(simulatorDirectory(dataDir));
      const { openStackHere, putInOrder } = await loadCaller();
      stack = openStackHere(services);
      const now = { simulated, endpoint: endpoint ?? "the simulator", sendsPerSecond };
      wanted = await putInOrder(stack, request, { before, now, credentials });
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
    whileServicesOpen: beginToLoadCaller,
    onServicesUp: async (services) => {
      const { openStackHere } = await loadCaller();
      using stack = openStackHere(services);
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

function credentialsFromEnvironment(): Credentials {
  const { ENSWITCH_USERNAME: username = "", ENSWITCH_PASSWORD: password = "" } = process.env;
  if (username === "" || password === "") {
    throw new Refused(
      "Set ENSWITCH_USERNAME and ENSWITCH_PASSWORD in the environment: with --endpoint, messages are really sent, and as that user.",
    );
  }
  return { username, password };
}
