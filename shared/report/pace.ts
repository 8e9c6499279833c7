/** Rows and time over which the present rate is measured: it is recorded in batches of about a second of sending. */
const overMs = 5_000;
const overRows = 5;

/** The longest time over which it is measured, in milliseconds. */
const longestMs = 120_000;

/**
 * Measures how fast rows are done at present, not how fast they have been since the start. It begins with the first row that is seen to be
 * done, also after a long wait: what was before that was no sending.
 */
export function createPace() {
  let seen: { readonly at: number; readonly done: number }[] = [];
  let begun: number | undefined;
  return {
    /** Rows a second, `undefined` while too little has been seen. `now` in epoch milliseconds. */
    rate: (done: number, now: number): number | undefined => {
      const last = seen.at(-1);
      if (last !== undefined && last.done !== done && (begun === undefined || now - last.at > longestMs)) {
        begun = now;
        seen = [];
      }
      if (last?.done !== done) seen.push({ at: now, done });
      const enough = seen.findLastIndex(
        (look) => (now - look.at >= overMs && done - look.done >= overRows) || now - look.at >= longestMs,
      );
      if (enough > 0) seen = seen.slice(enough);
      const first = seen[0];
      // At a low rate, the second row comes long after the first.
      const silentMs = begun === undefined ? overMs : longestMs;
      if (first === undefined || now - first.at < 1_000 || (done === first.done && now - first.at < silentMs)) {
        return undefined;
      }
      return ((done - first.done) / (now - first.at)) * 1000;
    },
    /** For how long that has been measured, in milliseconds. */
    forMs: (now: number): number => (begun === undefined ? 0 : now - begun),
  };
}
