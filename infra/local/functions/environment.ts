import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import { compileCacheEnvironment } from "../compile-cache.ts";
import { moduleUrl } from "../installation.ts";
import type { FunctionResource } from "../template/resources.ts";
import type { Invoke, Report, WorkerData } from "./messages.ts";

/** How an invocation ended, as the event source sees it. */
export type Invocation =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly reason: string };

/** A worker thread with the function's module loaded: it handles one invocation at a time. */
export interface FunctionEnvironment {
  /** Resolves when the handler is loaded; rejects when the environment ends before. */
  readonly ready: Promise<void>;
  /** `reusable` is false when the environment has ended, or is about to, by an error or a time-out. */
  invoke(event: unknown): Promise<{ readonly invocation: Invocation; readonly reusable: boolean }>;
  /** JavaScript memory in use, in bytes. Rejects when the environment has ended. */
  heap(): Promise<number>;
  /** Ends the environment, whatever it is doing. */
  end(): Promise<void>;
}

/** What every environment of a function has in common. */
export interface EnvironmentSettings {
  readonly fn: FunctionResource;
  /** The module that exports `handler`. */
  readonly entry: URL;
  /** All of the environment's variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Named in the handler's context. */
  readonly logFile: string;
}

/** Starts an environment. Its `ready` may be ignored: a rejection that nobody awaits is not reported as unhandled. */
export function startEnvironment(
  settings: EnvironmentSettings,
  events: {
    /** What the function writes, and what there is to say about its invocations. */
    readonly onOutput: (chunk: Buffer | string) => void;
    readonly onError: (error: Error) => void;
    readonly onExit: () => void;
  },
): FunctionEnvironment {
  const { fn, entry, variables, logFile } = settings;
  const data: WorkerData = { entry: entry.href, functionName: fn.name, memoryMb: fn.memoryMb, logFile };
  const worker = new Worker(moduleUrl("./worker.ts", import.meta.url), {
    workerData: data,
    env: { ...variables, ...compileCacheEnvironment() },
    execArgv: [],
    stdout: true,
    stderr: true,
    name: fn.name,
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb },
  });
  worker.stdout.on("data", events.onOutput);
  worker.stderr.on("data", events.onOutput);
  const ready = new Promise<void>((resolve, reject) => {
    worker.on("message", (report: Report) => {
      if (report.kind === "ready") resolve();
    });
    worker.on("error", (error: Error) => {
      events.onError(error);
      reject(error);
    });
    worker.on("exit", () => {
      events.onExit();
      reject(new Error(`The environment of ${fn.name} ended.`));
    });
  });
  ready.catch(() => {});
  return {
    ready,
    invoke: (event) => invoke(worker, fn, event, events.onOutput),
    heap: async () => (await worker.getHeapStatistics()).used_heap_size,
    end: async () => {
      await worker.terminate();
    },
  };
}

function invoke(
  worker: Worker,
  fn: FunctionResource,
  event: unknown,
  onOutput: (line: string) => void,
): ReturnType<FunctionEnvironment["invoke"]> {
  return new Promise((resolve) => {
    const requestId = randomUUID();
    const finish = (invocation: Invocation, reusable: boolean) => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      resolve({ invocation, reusable });
    };
    const onMessage = (report: Report) => {
      if (report.kind === "ready" || report.requestId !== requestId) return;
      if (report.kind === "returned") finish({ kind: "returned", value: report.value }, true);
      else finish({ kind: "failed", reason: report.error }, true);
    };
    const onError = (error: Error) => finish({ kind: "failed", reason: error.message }, false);
    const onExit = () => finish({ kind: "failed", reason: "the environment ended" }, false);
    const timer = setTimeout(() => {
      const reason = `Task timed out after ${(fn.timeoutMs / 1000).toFixed(2)} seconds`;
      onOutput(`${new Date().toISOString()} ${requestId} ${reason}\n`);
      finish({ kind: "failed", reason }, false);
      void worker.terminate();
    }, fn.timeoutMs);
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage({ requestId, event, deadline: Date.now() + fn.timeoutMs, arn: fn.arn } satisfies Invoke);
  });
}
