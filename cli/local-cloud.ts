import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedCloud, startEmbeddedCloud } from "../infra/local/embedded-cloud.ts";
import { simulatorAccount } from "../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { synthesiseAside } from "../infra/local/synthesise-aside.ts";
import { type Account, rateOf } from "../shared/account/account.ts";
import { createCredentialsSecret, writeCredentials } from "../shared/aws/secret.ts";
import type { CommittedCampaign } from "../shared/campaign/campaign.ts";
import { parseEndpoint } from "../shared/enswitch/endpoint.ts";
import { clearShutdown, restart, resumeAfterFix, stopSending } from "../shared/reconcile/restart.ts";
import { checkSameKind, readDataSettings, writeDataSettings } from "./data-directory.ts";
import { Refused } from "./exit.ts";
import { projectContext } from "./project-settings.ts";
import { startSimulatorThread } from "./simulator-thread.ts";
import { openStack, type Stack } from "./stack.ts";

/** How the whole of bulk-send is to run on this machine. */
export interface LocalRequest {
  readonly dataDir: string;
  /** Absent: the built-in simulator. */
  readonly endpoint: string | undefined;
  /** Calls per second; by default 100 to the simulator and 10 to an endpoint. */
  readonly rate: number | undefined;
  /**
   * Runs when the ledger is in order and before anything is sent. `unfinished` are the campaigns that would go on;
   * `false` leaves the functions off.
   */
  readonly prepare?: (stack: Stack, unfinished: readonly CommittedCampaign[]) => Promise<boolean>;
  /** Told, one line each, of what goes wrong inside. */
  readonly onLog: (line: string) => void;
  /** Where to listen; by default any free port. */
  readonly port?: number;
}

/** bulk-send running here. Disposing lets what is under way be noted, then ends everything. */
export interface LocalCloud extends AsyncDisposable {
  readonly access: EmbeddedCloud;
  readonly stack: Stack;
  readonly simulated: boolean;
  /** The rate in force, which may be lower than asked for. */
  readonly sendsPerSecond: number;
}

const defaultRates = { simulator: 100, endpoint: 10 } as const;

/** Longer than an answer may take: a call that was made is noted, unless the person insists. */
const graceMs = 25_000;

/** Starts everything. Throws a Refused for settings that cannot be used, `DataInUse` when another process is at it. */
export async function startLocalCloud(request: LocalRequest): Promise<LocalCloud> {
  const { dataDir, endpoint, prepare, onLog } = request;
  const simulated = endpoint === undefined;
  const credentials = simulated ? simulatorAccount : fromEnvironment();
  if (endpoint !== undefined) parseEndpoint(endpoint);
  const before = await readDataSettings(dataDir);
  checkSameKind(dataDir, before, simulated);

  await using starting = new AsyncDisposableStack();
  const sendsPerSecond = request.rate ?? (simulated ? defaultRates.simulator : defaultRates.endpoint);
  const destination = endpoint ?? starting.use(await startSimulator(dataDir)).endpoint;
  const context = await projectContext();
  let stack: Stack | undefined;
  let wanted = true;
  const cloud = await startEmbeddedCloud({
    dataDir,
    stack: synthesiseAside({ ...context, endpoint: destination, sendsPerSecond }),
    environment: typeof context["caFile"] === "string" ? { CA_FILE: context["caFile"] } : {},
    functions: () => wanted,
    onServicesUp: async (services) => {
      await writeDataSettings(dataDir, { simulated, endpoint: endpoint ?? "the simulator", sendsPerSecond });
      stack = await openStack(services.stackName, services);
      const unfinished = await restart(stack);
      if (before?.endpoint !== endpoint) await resumeAfterFix(stack.account, ["endpoint"]);
      // A rate given now is the newest wish; otherwise the one set by bulk-send rate stays.
      if (request.rate !== undefined) await stack.account.change(withoutRate);
      await storeCredentials(stack, credentials);
      wanted = (await prepare?.(stack, unfinished)) ?? true;
    },
    onLog,
    graceMs,
    port: request.port,
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

/** The services on a directory that nothing works on: people can look at its campaigns and control them. */
export async function openAtRest(dataDir: string): Promise<EmbeddedCloud> {
  const settings = await readDataSettings(dataDir);
  const context = await projectContext();
  return startEmbeddedCloud({
    dataDir,
    onServicesUp: async (services) => {
      using stack = await openStack(services.stackName, services);
      await clearShutdown(stack.account);
    },
    stack: synthesiseAside({
      ...context,
      endpoint: settings === undefined || settings.simulated ? "http://127.0.0.1/api/json" : settings.endpoint,
      sendsPerSecond: settings?.sendsPerSecond ?? defaultRates.endpoint,
    }),
    functions: false,
  });
}

const withoutRate = (account: Account) => ({
  account: account.rate === undefined ? account : { ...account, rate: undefined },
  result: undefined,
});

async function startSimulator(dataDir: string) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const directory = join(dataDir, "simulator");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return startSimulatorThread(join(directory, "calls.ndjson"));
}

function fromEnvironment(): { readonly username: string; readonly password: string } {
  const { ENSWITCH_USERNAME: username = "", ENSWITCH_PASSWORD: password = "" } = process.env;
  if (username === "" || password === "") {
    throw new Refused(
      "Set ENSWITCH_USERNAME and ENSWITCH_PASSWORD in the environment: with --endpoint messages are really sent, through that user.",
    );
  }
  return { username, password };
}

/** Other credentials than before end a pause that waited for them; the same ones change nothing. */
async function storeCredentials(stack: Stack, credentials: { readonly username: string; readonly password: string }) {
  const secret = createCredentialsSecret(stack.secrets, stack.outputs.SecretArn);
  const stored = await secret.read();
  if (stored?.username === credentials.username && stored.password === credentials.password) return;
  await writeCredentials(stack.secrets, stack.outputs.SecretArn, credentials);
  await resumeAfterFix(stack.account, ["credentials", "privilege"]);
}
