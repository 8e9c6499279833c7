import { exitCodes } from "./exit.ts";

/**
 * Tells of the first Ctrl-C (or SIGTERM), so that what is under way can be brought to an end; the second ends the
 * process at once.
 */
export function onInterruption(say: () => void): AbortSignal {
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
