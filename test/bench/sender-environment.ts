import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as z from "zod";
import { javaScript, profilingFlags } from "./own-process.ts";

/** A message of the batches queue, as SQS hands it to Lambda. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

const Invocation = z.object({ records: z.array(z.custom<SqsRecord>()), timeoutMs: z.number() });

const Invoked = z.object({
  /** Messages that are to come back. */
  failed: z.array(z.string()),
  /** What Lambda would charge for, and the processor time used since the bundle was loaded. */
  billedMs: z.number(),
  processorMs: z.number(),
  peakMiB: z.number(),
});

/** What came of an invocation. */
export type Invoked = z.infer<typeof Invoked>;

const Ready = z.object({ ready: z.literal(true) });
type Handle = (event: unknown, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
const Bundle = z.object({ handler: z.custom<Handle>((value) => typeof value === "function") });
const Response = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** An execution environment of a deployed function: one process, which stands still between invocations. */
export interface SenderEnvironment extends AsyncDisposable {
  readonly pid: number;
  invoke(records: readonly SqsRecord[], timeoutMs: number): Promise<Invoked>;
}

/** Loads a function's bundle (`module`) in a process of its own, with the heap that Lambda gives to so much memory. */
export async function startSenderEnvironment(options: {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
}): Promise<SenderEnvironment> {
  const { module, environment, memoryMiB } = options;
  const child = fork(fileURLToPath(import.meta.url), [module], {
    env: { ...environment, ...javaScript },
    execArgv: [
      // As Lambda sets them for so much memory.
      `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
      `--max-semi-space-size=${Math.floor(memoryMiB * 0.05)}`,
      ...profilingFlags(),
    ],
    serialization: "advanced",
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The sender's process did not start.");
  Ready.parse(await messageOf(child));
  child.kill("SIGSTOP");
  return {
    pid,
    invoke: async (records, timeoutMs) => {
      child.kill("SIGCONT");
      child.send({ records, timeoutMs });
      const invoked = Invoked.parse(await messageOf(child));
      child.kill("SIGSTOP");
      return invoked;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGCONT");
      child.disconnect();
      await exit;
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    const { signal } = ended;
    const exit = once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`The sender's process ended with ${code}.`);
    });
    const [message] = await Promise.race([once(child, "message", { signal }), exit]);
    return message;
  } finally {
    ended.abort();
  }
}

/** The process itself: loads the bundle and handles what it is given. */
async function runEnvironment(module: string): Promise<void> {
  const { handler } = Bundle.parse({ ...(await import(pathToFileURL(module).href)) });
  const start = process.cpuUsage();
  process.on("message", async (message) => {
    const { records, timeoutMs } = Invocation.parse(message);
    const began = performance.now();
    const context = { getRemainingTimeInMillis: () => timeoutMs - (performance.now() - began) };
    const answer = Response.parse(await handler({ Records: records }, context));
    const { user, system } = process.cpuUsage(start);
    const invoked: Invoked = {
      failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
      billedMs: performance.now() - began,
      processorMs: (user + system) / 1000,
      peakMiB: Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024,
    };
    process.send?.(invoked);
  });
  process.once("disconnect", () => process.exit());
  process.send?.({ ready: true });
}

const [, self, module] = process.argv;
if (self === fileURLToPath(import.meta.url) && module !== undefined) await runEnvironment(module);
