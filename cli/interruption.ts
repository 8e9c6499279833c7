import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** Aborts at the first Ctrl-C (or SIGTERM), so that work in progress can be finished; the second ends the process at once. */
export function onInterruption(say: () => void = () => {}): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    say();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/** The same for commands that send: they say that calls in progress are still recorded. */
export const stopSendingOnInterruption = (terminal: Terminal): AbortSignal =>
  onInterruption(() => {
    terminal.clearEcho();
    terminal.note("Stopping: calls in progress are still being recorded. Press Ctrl-C again to stop at once.");
  });
