import { isDiskFull } from "./disk-full.ts";
import type { RunningFunctions } from "./functions/load-functions.ts";

/** What becomes of errors in services. */
export interface ServiceErrors {
  /** Says what went wrong; where nothing more can be written, ends the process. */
  onError(error: unknown): void;
  /** Has these functions finish before the process ends. */
  letFinish(functions: RunningFunctions | undefined): void;
}

/** How long what is under way may wait for room, in milliseconds: about as long as claims last, after which nothing is recorded any more. */
const patienceMs = 60_000;

/**
 * Receives the errors of services. A full disk ends the process, with the error thrown where nobody catches it: nothing can be
 * kept any more, and every call would say so again. Before, what is under way comes to its end. Senders call nobody else, because a
 * claim is written first; what their last calls came to they keep, and write it as soon as there is room.
 */
export function createServiceErrors(onLog: (line: string) => void): ServiceErrors {
  let running: RunningFunctions | undefined;
  let ending = false;

  const end = async (error: unknown): Promise<void> => {
    if (ending) return;
    ending = true;
    if (running !== undefined) {
      onLog(
        "Nothing more can be written. No more is begun, and what the calls under way came to is kept for up to a minute, until there is room.",
      );
      await running.stop(patienceMs);
    }
    queueMicrotask(() => {
      throw error;
    });
  };

  return {
    onError: (error) => {
      if (isDiskFull(error)) void end(error);
      else onLog(error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
    letFinish: (functions) => {
      running = functions;
    },
  };
}
