import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { afterAll, inject } from "vitest";
import { cacheFolder } from "../../infra/local/installation.ts";
import { within } from "../support/within.ts";

/** How a process ended: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A `bulk-send` running in a process of its own. Disposing kills it. */
export interface BulkSendProcess extends AsyncDisposable {
  /** What it has written so far, to both outputs. */
  output(): string;
  /** How it ends. Waiting for it is bounded, as all that tests wait for. */
  readonly exited: Promise<Exit>;
  ended(): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** A run may wait for what was lost to be missed, several times, on a machine that is busy with something else. */
const patienceMs = 540_000;

const started = new Set<() => void>();

// A test that runs out of time leaves its `await using` undone; what it started must not outlive it and slow the others.
afterAll(() => {
  for (const kill of started) kill();
});

/** Starts the command line as the package has it, without a shell in between that a signal would meet first. */
export function startBulkSend(args: readonly string[], environment: NodeJS.ProcessEnv = {}): BulkSendProcess {
  const child = spawn(process.execPath, [inject("commandLine"), ...args], {
    env: { ...process.env, XDG_CACHE_HOME: dirname(cacheFolder), NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let exit: Exit | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const kill = () => child.kill("SIGKILL");
  started.add(kill);
  const ends = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      started.delete(kill);
      exit = { code, signal };
      resolve(exit);
    });
  });
  return {
    output: () => output,
    get exited() {
      return within(`bulk-send ${args.join(" ")} ends`, ends, { ms: patienceMs, said: () => output });
    },
    ended: () => exit !== undefined,
    kill: (signal) => {
      if (exit === undefined) child.kill(signal);
    },
    [Symbol.asyncDispose]: async () => {
      if (exit === undefined) kill();
      await within("bulk-send is gone after SIGKILL", ends);
    },
  };
}

/** Runs the command line to its end. */
export async function bulkSend(args: readonly string[], environment?: NodeJS.ProcessEnv) {
  await using process = startBulkSend(args, environment);
  const exit = await process.exited;
  return { ...exit, output: process.output() };
}
