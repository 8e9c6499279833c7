import { fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** The result of a measurement in a process of its own, and that process's peak memory. */
export interface Measured<Output> {
  readonly output: Output;
  readonly peakMiB: number;
}

/**
 * Node's settings of a process whose memory is measured: those that Lambda gives to a function of so much memory. Left to
 * itself on a large machine, V8 leaves garbage uncollected as long as there is room, so that a peak does not show what is
 * needed.
 */
export const heapOf = (memoryMiB: number): readonly string[] => [
  `--max-semi-space-size=${Math.floor(memoryMiB * 0.05)}`,
  `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
];

/** Those of a function of 256 MiB. */
export const smallHeap = heapOf(256);

/** The directory to which processes write CPU profiles, if wanted. */
export const profileVariable = "BENCH_PROFILE_DIRECTORY";

/**
 * A measurement that runs in a fresh process, undisturbed by the heap, compiled code or connections of another one. Pass
 * the module's own URL: a process that is started for the measurement runs `work` and nothing else in the module.
 */
export function defineMeasurement<Input, Output>(
  url: string,
  name: string,
  schemas: { readonly input: z.ZodType<Input>; readonly output: z.ZodType<Output> },
  work: (input: Input) => Promise<Output>,
): (input: Input, flags?: readonly string[]) => Promise<Measured<Output>> {
  if (isStartedFor(url, name)) {
    process.once("message", async (message) => {
      const output = await work(schemas.input.parse(Started.parse(message).input));
      process.send?.({ output, peakMiB: process.resourceUsage().maxRSS / 1024 }, () => process.exit());
    });
  }
  return async (input, flags) => {
    const { child, answer } = startFor(url, name, input, flags);
    const { output, peakMiB } = await answer;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return { output: schemas.output.parse(output), peakMiB: Number(peakMiB) };
  };
}

/** A server that runs in a process of its own until it is disposed, so that its work does not slow down the client. */
export function defineServer<Input, Ready extends object>(
  url: string,
  name: string,
  schemas: { readonly input: z.ZodType<Input>; readonly ready: z.ZodType<Ready> },
  start: (input: Input) => Promise<Ready>,
): (input: Input) => Promise<Ready & AsyncDisposable> {
  if (isStartedFor(url, name)) {
    process.once("disconnect", () => process.exit());
    process.once("message", async (message) => {
      process.send?.(await start(schemas.input.parse(Started.parse(message).input)));
    });
  }
  return async (input) => {
    const { child, answer } = startFor(url, name, input);
    const ready = schemas.ready.parse(await answer);
    return {
      ...ready,
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exit = once(child, "exit");
        child.disconnect();
        await exit;
      },
    };
  };
}

const Started = z.object({ input: z.unknown() });

const isStartedFor = (url: string, name: string) =>
  process.send !== undefined && process.argv[1] === fileURLToPath(url) && process.argv[2] === name;

/**
 * A function is deployed as JavaScript, so the memory that Node needs to compile TypeScript must not be counted. From its
 * second start on, a measurement finds the compiled code in the cache.
 */
export const javaScript = { NODE_COMPILE_CACHE: join(tmpdir(), "bulk-send-bench-javascript") };

/** Node's flags for a process to be profiled, when profiles are asked for. */
export function profilingFlags(): readonly string[] {
  const profiles = process.env[profileVariable];
  return profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
}

function startFor(url: string, name: string, input: unknown, flags: readonly string[] = []) {
  const child = fork(fileURLToPath(url), [name], {
    env: { ...process.env, ...javaScript },
    execArgv: [...flags, ...profilingFlags()],
    serialization: "advanced",
  });
  const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once("message", (message) => resolve({ ...(typeof message === "object" ? message : {}) }));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`${name} ended (${signal ?? code}) without a result.`)));
  });
  child.send({ input });
  return { child, answer };
}
