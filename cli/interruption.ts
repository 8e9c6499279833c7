import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Aborts at the first Ctrl-C, SIGTERM or SIGHUP, so that work in progress can be finished; another Ctrl-C or SIGTERM ends the process at
 * once. A terminal that is closed may send several SIGHUPs, of which nobody means the second.
 */
export function onInterruption(say: () => void = () => {}): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    say();
  };
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  process.on("SIGHUP", stop);
  return controller.signal;
}

/** The same for commands that send: they say that calls in progress are still recorded. */
export const stopSendingOnInterruption = (terminal: Terminal): AbortSignal =>
  onInterruption(() => {
    terminal.clearEcho();
    terminal.note("Stopping: calls in progress are still being recorded. Press Ctrl-C again to stop at once.");
  });
