import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type EnvironmentSettings,
  type FunctionEnvironment,
  type Invocation,
  startEnvironment,
} from "./environment.ts";
import { closing, createEnvironments } from "./environments.ts";

/** One function, ready to be invoked. */
export interface FunctionWorkers {
  invoke(event: unknown): Promise<Invocation>;
  /** Starts one environment in advance, so that the first event need not wait for it. */
  warmUp(): void;
  /** JavaScript memory in use in each environment, in bytes. */
  heaps(): Promise<readonly number[]>;
  /** Ends all environments, whatever they are doing; later invocations get new ones. Returns how many there were. */
  endAll(): Promise<number>;
  /** Ends all environments, whatever they are doing; later invocations fail. May be called more than once. */
  close(): Promise<void>;
}

/** A log larger than this is set aside when the function starts. */
const rotateLogBytes = 20 * 1024 * 1024;

/**
 * Runs a function as Lambda does: each concurrent invocation in an environment of its own (a worker thread with its own
 * variables and module state), which is kept for the next one. A time-out ends the environment; an exception does not.
 * Unlike Lambda, it does not freeze an environment between invocations. What the function writes goes to the log file.
 */
export async function createFunctionWorkers(settings: EnvironmentSettings): Promise<FunctionWorkers> {
  const log = await openLog(settings.logFile);
  let closed = false;
  const environments = createEnvironments((onExit) =>
    startEnvironment(settings, {
      onOutput: (chunk) => log.write(chunk),
      onError: (error) => {
        if (!closed) log.write(`${JSON.stringify({ level: "ERROR", message: "Worker ended", error: error.stack })}\n`);
      },
      onExit,
    }),
  );
  const { all } = environments;
  const endAll = async (): Promise<number> => {
    const ended = await Promise.all([...all].map((environment) => environment.end()));
    return ended.length;
  };

  return {
    invoke: async (event) => {
      if (closed) return { kind: "failed", reason: closing };
      let environment: FunctionEnvironment;
      try {
        environment = await environments.take();
      } catch (error) {
        return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
      }
      const { invocation, reusable } = await environment.invoke(event);
      if (reusable && !closed) environments.giveBack(environment);
      return invocation;
    },
    warmUp: () => {
      if (!closed && all.size === 0) environments.start();
    },
    heaps: async () => {
      const heaps = await Promise.allSettled([...all].map((environment) => environment.heap()));
      // An environment that ended meanwhile has no heap.
      return heaps.flatMap((heap) => (heap.status === "fulfilled" ? [heap.value] : []));
    },
    endAll,
    close: async () => {
      if (closed) return;
      closed = true;
      environments.close();
      await endAll();
      await new Promise<void>((resolve) => log.end(() => resolve()));
    },
  };
}

/** Opens a log for appending, setting aside one that has grown too large. */
async function openLog(file: string): Promise<WriteStream> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await stat(file).catch(() => undefined);
  if (before !== undefined && before.size > rotateLogBytes) await rename(file, `${file}.1`);
  const log = createWriteStream(file, { flags: "a", mode: 0o600 });
  await once(log, "open");
  // Where the disk is full, work goes on without a log, as long as it can: what it does is in the ledger.
  log.on("error", () => {});
  return log;
}
