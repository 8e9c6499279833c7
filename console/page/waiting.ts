/** Resolves after so many milliseconds, or at once when `signal` aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });

/** How long to wait before trying again, in milliseconds, after so many tries in a row that met no connection. */
const waitsMs = [500, 1_000, 2_000, 4_000, 8_000];

/** Waits until there may be a connection again: when the browser says so, or for a while that grows with `tries`. */
export async function connectionAgain(tries: number, signal: AbortSignal): Promise<void> {
  const either = new AbortController();
  const stop = () => either.abort();
  // Nothing but a browser has news of the connection.
  const world: unknown = globalThis;
  const browser = world instanceof EventTarget ? world : undefined;
  browser?.addEventListener("online", stop);
  signal.addEventListener("abort", stop);
  await pause(waitsMs[Math.min(tries, waitsMs.length - 1)] ?? 0, signal.aborted ? signal : either.signal);
  browser?.removeEventListener("online", stop);
  signal.removeEventListener("abort", stop);
}
