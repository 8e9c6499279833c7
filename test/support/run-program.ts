import { spawn } from "node:child_process";
import { within } from "./within.ts";

/** How a program ended: with which code (`null` by a signal), and all that it wrote. */
export interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/**
 * Runs a program to its end. One that takes longer than `ms` is ended with all that it has started, and the rejection says what it had
 * written; so it is when it cannot be started. Nothing that a program starts, and leaves behind with its outputs open, is waited for.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { ms, env }: { readonly ms?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  // In a group of its own: programs such as LibreOffice are started by a shell, which would be ended alone.
  const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      const left = setTimeout(() => resolve(code), pipesMs);
      child.once("close", () => {
        clearTimeout(left);
        resolve(code);
      });
    });
  });
  try {
    const code = await within([program, ...args].join(" "), ended, { ms, said: () => text });
    return { code, text };
  } finally {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endGroup(child.pid);
  }
}

/** How long what was written last may take to arrive, in milliseconds. */
const pipesMs = 10_000;

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended just now.
  }
}

/**
 * Whether a program is installed on this machine and can be started: it says its version within a minute. For the top of a test file, where
 * no time-out of the test runner holds.
 */
export async function installed(program: string): Promise<boolean> {
  const ran = await runProgram(program, ["--version"], { ms: 60_000 }).catch(() => undefined);
  return ran?.code === 0;
}
