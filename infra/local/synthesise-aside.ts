import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import { compileCacheEnvironment } from "./compile-cache.ts";
import type { SynthesisedStack } from "./embedded-cloud.ts";

const SynthesisJob = z.object({ synthesiseBulkSend: z.record(z.string(), z.unknown()) });
type SynthesisJob = z.infer<typeof SynthesisJob>;

const SynthesisResult = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("synthesised"),
    stack: z.object({ template: z.unknown(), entries: z.record(z.string(), z.string()) }),
  }),
  z.object({ kind: z.literal("failed"), problem: z.string() }),
]);
type SynthesisResult = z.infer<typeof SynthesisResult>;

/**
 * Synthesises the stack with these settings, for one machine, in a thread of its own: the CDK takes seconds, while the services can start,
 * and about 200 MiB, which are freed with the thread. Throws an `Error` that says which settings are wrong.
 */
export async function synthesiseAside(context: { readonly [setting: string]: unknown }): Promise<SynthesisedStack> {
  const job: SynthesisJob = { synthesiseBulkSend: { ...context } };
  const env = { ...process.env, ...compileCacheEnvironment() };
  const worker = new Worker(new URL(import.meta.url), { workerData: job, execArgv: [], env, name: "synthesise" });
  const [message] = await once(worker, "message");
  // The thread ends on its own; nobody needs to wait for it.
  worker.unref();
  const result = SynthesisResult.parse(message);
  if (result.kind === "failed") throw new Error(result.problem);
  return result.stack;
}

const job = SynthesisJob.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) {
  const { synthesise } = await import("../synthesise.ts");
  const { sites } = await import("../rates.ts");
  let result: SynthesisResult;
  try {
    const { template, entries } = synthesise(job.data.synthesiseBulkSend, sites.local);
    result = { kind: "synthesised", stack: { template, entries } };
  } catch (error) {
    result = { kind: "failed", problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort.postMessage(result);
}
