/** Rows and time over which the present rate is measured: it is recorded in batches of about a second of sending. */
const overMs = 5_000;
const overRows = 5;

/** The longest time over which it is measured, in milliseconds. */
const longestMs = 120_000;

/** Measures how fast rows are done at present, not how fast they have been since the start. */
export function createPace() {
  let seen: { readonly at: number; readonly done: number }[] = [];
  return {
    /** Rows a second, `undefined` while too little has been seen. `now` in epoch milliseconds. */
    rate: (done: number, now: number): number | undefined => {
      if (seen.at(-1)?.done !== done) seen.push({ at: now, done });
      const enough = seen.findLastIndex(
        (look) => (now - look.at >= overMs && done - look.done >= overRows) || now - look.at >= longestMs,
      );
      if (enough > 0) seen = seen.slice(enough);
      const first = seen[0];
      if (first === undefined || now - first.at < 1_000 || (done === first.done && now - first.at < overMs)) {
        return undefined;
      }
      return ((done - first.done) / (now - first.at)) * 1000;
    },
  };
}
