import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";

const Job = z.object({ simulateEnswitch: z.object({ recordFile: z.string() }) });
const Ready = z.object({ endpoint: z.string() });

/** The built-in Enswitch, in a thread of its own so that it answers while others compute. Messages go nowhere. */
export async function startSimulatorThread(
  recordFile: string,
): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  const job: z.infer<typeof Job> = { simulateEnswitch: { recordFile } };
  const worker = new Worker(new URL(import.meta.url), { workerData: job, execArgv: [], name: "enswitch-simulator" });
  const [message] = await once(worker, "message");
  return {
    endpoint: Ready.parse(message).endpoint,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

const job = Job.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) {
  const { startEnswitchSimulator } = await import("../infra/local/enswitch-simulator/enswitch-simulator.ts");
  const { endpoint } = await startEnswitchSimulator({ ...job.data.simulateEnswitch, remember: false });
  parentPort.postMessage({ endpoint } satisfies z.infer<typeof Ready>);
}
