import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import { compileCacheEnvironment } from "../infra/local/compile-cache.ts";

const SimulatorJob = z.object({
  simulateEnswitch: z.object({
    recordFile: z.string(),
    /** Goes wrong as the demonstration needs it. */
    demonstrated: z.literal(true).optional(),
    /** The share of people who answer STOP; absent: nobody. */
    replies: z.number().min(0).max(1).optional(),
  }),
});
type SimulatorJob = z.infer<typeof SimulatorJob>;
const SimulatorReady = z.object({ endpoint: z.string() });

/** Starts the built-in Enswitch in its own thread, so that it answers while others compute. Messages go nowhere. */
export async function startSimulatorThread(
  simulateEnswitch: SimulatorJob["simulateEnswitch"],
): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  const job: SimulatorJob = { simulateEnswitch };
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
  const { recordFile, demonstrated, replies } = job.data.simulateEnswitch;
  const behaviour = demonstrated ? (await import("./demonstration.ts")).demonstratedBehaviour : {};
  const { endpoint } = await startEnswitchSimulator({
    ...behaviour,
    replies: replies === undefined ? undefined : { share: replies },
    recordFile,
    remember: false,
  });
  parentPort.postMessage({ endpoint } satisfies z.infer<typeof SimulatorReady>);
}
