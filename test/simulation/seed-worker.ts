import { parentPort } from "node:worker_threads";
import { simulate } from "./simulate.ts";
import type { Failure } from "./witness.ts";

/** What came of one seed on a thread. */
export interface Verdict {
  readonly seed: number;
  readonly failures: readonly Failure[];
  readonly calls: number;
  readonly lasted: number;
}

// A rejection that nobody handles ends a function's process, with everything that was under way in it.
const unhandled: Failure[] = [];
process.on("unhandledRejection", (error) => {
  unhandled.push({
    invariant: "program failed",
    message: `Unhandled: ${error instanceof Error ? error.stack : String(error)}`,
  });
});

parentPort?.on("message", async ({ seed, rows }: { seed: number; rows: number | undefined }) => {
  const run = await simulate(seed, { rows }).catch((error: unknown) => ({
    failures: [
      {
        invariant: "program failed" as const,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
    ],
    calls: 0,
    lasted: 0,
  }));
  const { calls, lasted } = run;
  const failures = [...run.failures, ...unhandled.splice(0)];
  parentPort?.postMessage({ seed, failures, calls, lasted } satisfies Verdict);
});
