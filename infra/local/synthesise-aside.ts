import { once } from "node:events";
import { enableCompileCache } from "node:module";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import type { SynthesisedStack } from "./embedded-cloud.ts";

const Job = z.object({ synthesiseBulkSend: z.record(z.string(), z.unknown()) });
const Result = z.object({ template: z.unknown(), entries: z.record(z.string(), z.string()) });
const Answer = z.union([z.object({ stack: Result }), z.object({ problem: z.string() })]);

/**
 * Synthesises the stack with these settings in a thread of its own: the CDK takes seconds, in which the services can
 * start, and some 200 MiB, which go with the thread. Throws an `Error` with the sentences when settings are wrong.
 */
export async function synthesiseAside(context: { readonly [setting: string]: unknown }): Promise<SynthesisedStack> {
  const job: z.infer<typeof Job> = { synthesiseBulkSend: { ...context } };
  const worker = new Worker(new URL(import.meta.url), { workerData: job, execArgv: [], name: "synthesise" });
  const [message] = await once(worker, "message");
  // The thread ends by itself; nobody need wait for it.
  worker.unref();
  const answer = Answer.parse(message);
  if ("problem" in answer) throw new Error(answer.problem);
  return answer.stack;
}

const job = Job.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) {
  enableCompileCache();
  const { synthesise } = await import("../synthesise.ts");
  try {
    const { template, entries } = synthesise(job.data.synthesiseBulkSend);
    parentPort.postMessage({ stack: { template, entries } } satisfies z.infer<typeof Answer>);
  } catch (error) {
    parentPort.postMessage({ problem: error instanceof Error ? error.message : String(error) } satisfies z.infer<
      typeof Answer
    >);
  }
}
