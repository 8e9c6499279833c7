import { once } from "node:events";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import { compileCacheEnvironment } from "../infra/local/compile-cache.ts";

const SimulatorJob = z.object({
  simulateEnswitch: z.object({
    recordFile: z.string(),
    /** Goes wrong as the demonstration needs it. */
    demonstrated: z.literal(true).optional(),
    /** The share of people who answer; absent: nobody. */
    replies: z.number().min(0).max(1).optional(),
  }),
});
type SimulatorJob = z.infer<typeof SimulatorJob>;
const SimulatorReady = z.object({ endpoint: z.string() });

/** The built-in Enswitch in its thread; disposing ends it. */
export interface SimulatorThread extends AsyncDisposable {
  /** The prefix to configure in a client, once it answers. */
  readonly endpoint: Promise<string>;
}

/** Where the simulator of a data directory keeps its record; the directory must be there when the first message comes. */
export const simulatorDirectory = (dataDir: string): string => join(dataDir, "simulator");

/**
 * Starts the built-in Enswitch in its own thread, so that it answers while others compute. Messages go nowhere. It writes nothing
 * before the first one.
 */
export function startSimulator({
  dataDir,
  demonstrated,
  replies,
}: Pick<SimulatorJob["simulateEnswitch"], "demonstrated" | "replies"> & { readonly dataDir: string }): SimulatorThread {
  const recordFile = join(simulatorDirectory(dataDir), "calls.ndjson");
  const job: SimulatorJob = { simulateEnswitch: { recordFile, demonstrated, replies } };
  const worker = new Worker(new URL(import.meta.url), {
    workerData: job,
    execArgv: [],
    env: compileCacheEnvironment(),
    name: "enswitch-simulator",
  });
  const endpoint = once(worker, "message").then(([message]) => SimulatorReady.parse(message).endpoint);
  // Awaited later, or never if nothing is sent.
  endpoint.catch(() => {});
  return {
    endpoint,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

/** Of those who answer, the share who write neither STOP nor nothing, so that a laptop shows what becomes of that, too. */
const unclearShare = 0.25;

const job = SimulatorJob.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) {
  const { startEnswitchSimulator } = await import("../infra/local/enswitch-simulator/enswitch-simulator.ts");
  const { recordFile, demonstrated, replies } = job.data.simulateEnswitch;
  const behaviour = demonstrated ? (await import("./demonstration.ts")).demonstratedBehaviour : {};
  const { endpoint } = await startEnswitchSimulator({
    ...behaviour,
    replies: replies === undefined ? undefined : { share: replies, unclear: unclearShare },
    recordFile,
    remember: false,
  });
  parentPort.postMessage({ endpoint } satisfies z.infer<typeof SimulatorReady>);
}
