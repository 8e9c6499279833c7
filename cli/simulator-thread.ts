import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import { compileCacheEnvironment } from "../infra/local/compile-cache.ts";

const SimulatorJob = z.object({ simulateEnswitch: z.object({ recordFile: z.string() }) });
const SimulatorReady = z.object({ endpoint: z.string() });

/** Starts the built-in Enswitch in its own thread, so that it answers while others compute. Messages go nowhere. */
export async function startSimulatorThread(
  recordFile: string,
): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  const job: z.infer<typeof SimulatorJob> = { simulateEnswitch: { recordFile } };
  const worker = new Worker(new URL(import.meta.url), {
    workerData: job,
    execArgv: [],
    env: compileCacheEnvironment(),
    name: "enswitch-simulator",
  });
  const [message] = await once(worker, "message");
  return {
    endpoint: SimulatorReady.parse(message).endpoint,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

const job = SimulatorJob.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) {
  const { startEnswitchSimulator } = await import("../infra/local/enswitch-simulator/enswitch-simulator.ts");
  const { endpoint } = await startEnswitchSimulator({ ...job.data.simulateEnswitch, remember: false });
  parentPort.postMessage({ endpoint } satisfies z.infer<typeof SimulatorReady>);
}
