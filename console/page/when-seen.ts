import { pause } from "./waiting.ts";

/** Resolves at once where the page can be seen, else as soon as it can be, or when `signal` aborts: nobody pays for looks at nothing. */
export async function whenSeen(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) {
    const either = new AbortController();
    const stop = () => either.abort();
    document.addEventListener("visibilitychange", stop);
    signal.addEventListener("abort", stop);
    await pause(hiddenMs, either.signal);
    document.removeEventListener("visibilitychange", stop);
    signal.removeEventListener("abort", stop);
  }
}

/** How long a wait for a hidden page is at most before it is asked again whether it is hidden, in milliseconds. */
const hiddenMs = 3_600_000;
