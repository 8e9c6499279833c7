import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { FunctionResource } from "../template/resources.ts";
import { type Invoke, Report, type WorkerData } from "./messages.ts";

/** How an invocation ended, as the event source sees it. */
export type Invocation =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly reason: string };

/** One function, ready to be invoked. */
export interface FunctionWorkers {
  invoke(event: unknown): Promise<Invocation>;
  /** Makes one worker in advance, so that the first event need not wait for it. Never rejects. */
  warmUp(): Promise<void>;
  /** JavaScript memory in use in each worker there is, bytes. */
  heaps(): Promise<readonly number[]>;
  /** Ends the workers there are, whatever they are doing; invocations to come get new ones. Returns how many there were. */
  endAll(): Promise<number>;
  /** Ends every worker, whatever it is doing. */
  close(): Promise<void>;
}

interface Environment {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

/** A log larger than this is put aside when the function starts. */
const rotateLogBytes = 20 * 1024 * 1024;

/**
 * Runs a function as Lambda does: each concurrent invocation in an environment of its own (a worker thread with its own
 * variables and module state), kept for the next one. A time-out ends the environment; an exception does not.
 * What Lambda does and this does not: freeze an environment between invocations.
 */
export async function createFunctionWorkers(deps: {
  readonly fn: FunctionResource;
  /** The module that exports `handler`. */
  readonly entry: URL;
  /** All variables of the worker's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where what the function writes goes. */
  readonly logFile: string;
}): Promise<FunctionWorkers> {
  const { fn, entry, environment, logFile } = deps;
  await mkdir(dirname(logFile), { recursive: true, mode: 0o700 });
  const before = await stat(logFile).catch(() => undefined);
  if (before !== undefined && before.size > rotateLogBytes) await rename(logFile, `${logFile}.1`);
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  await once(log, "open");
  const all = new Set<Worker>();
  const idle: Environment[] = [];
  let closed = false;

  const create = (): Environment => {
    const data: WorkerData = { entry: entry.href, functionName: fn.name, memoryMb: fn.memoryMb, logFile };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: data,
      env: { ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      name: fn.name,
      resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb },
    });
    all.add(worker);
    worker.stdout.on("data", (chunk: Buffer) => log.write(chunk));
    worker.stderr.on("data", (chunk: Buffer) => log.write(chunk));
    const ready = new Promise<void>((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        if (Report.parse(message).kind === "ready") resolve();
      });
      worker.on("error", (error: Error) => {
        if (!closed) log.write(`${JSON.stringify({ level: "ERROR", message: "Worker ended", error: error.stack })}\n`);
        reject(error);
      });
      worker.on("exit", () => {
        all.delete(worker);
        const at = idle.findIndex((environment) => environment.worker === worker);
        if (at >= 0) idle.splice(at, 1);
        reject(new Error(`The environment of ${fn.name} ended.`));
      });
    });
    ready.catch(() => {});
    return { worker, ready };
  };

  const run = (environment: Environment, event: unknown): Promise<Invocation> =>
    new Promise((resolve) => {
      const { worker } = environment;
      const requestId = randomUUID();
      const finish = (result: Invocation, reusable: boolean) => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.off("exit", onExit);
        if (reusable && !closed) idle.push(environment);
        resolve(result);
      };
      const onMessage = (message: unknown) => {
        const report = Report.parse(message);
        if (report.kind === "ready" || report.requestId !== requestId) return;
        if (report.kind === "returned") finish({ kind: "returned", value: report.value }, true);
        else finish({ kind: "failed", reason: report.error }, true);
      };
      const onError = (error: Error) => finish({ kind: "failed", reason: error.message }, false);
      const onExit = () => finish({ kind: "failed", reason: "the environment ended" }, false);
      const timer = setTimeout(() => {
        const reason = `Task timed out after ${(fn.timeoutMs / 1000).toFixed(2)} seconds`;
        log.write(`${new Date().toISOString()} ${requestId} ${reason}\n`);
        finish({ kind: "failed", reason }, false);
        void worker.terminate();
      }, fn.timeoutMs);
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.on("exit", onExit);
      const invoke: Invoke = { requestId, event, deadline: Date.now() + fn.timeoutMs, arn: fn.arn };
      worker.postMessage(invoke);
    });

  const endAll = async (): Promise<number> => {
    const ended = await Promise.all([...all].map((worker) => worker.terminate()));
    return ended.length;
  };

  return {
    invoke: async (event) => {
      if (closed) return { kind: "failed", reason: "the embedded cloud is closing" };
      const environment = idle.pop() ?? create();
      try {
        await environment.ready;
      } catch (error) {
        return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
      }
      return run(environment, event);
    },
    warmUp: async () => {
      if (closed || idle.length > 0) return;
      const environment = create();
      // At once, so that an event that comes meanwhile waits for this one and makes no second.
      idle.push(environment);
      await environment.ready.catch(() => {});
    },
    heaps: async () => {
      const asked = await Promise.allSettled([...all].map((worker) => worker.getHeapStatistics()));
      // One that ends meanwhile has none.
      return asked.flatMap((heap) => (heap.status === "fulfilled" ? [heap.value.used_heap_size] : []));
    },
    endAll,
    close: async () => {
      closed = true;
      await endAll();
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}
