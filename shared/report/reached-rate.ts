/** Stretches that are told apart; their length doubles whenever there would be more, which bounds memory. */
const maxStretches = 20_000;

/** Below this many full stretches, nothing can be said of the rate between start and end. */
const fewestStretches = 4;

/** Seconds without a call that belong to a wait (a hold, a pause, the probe before the rest), not to a low rate. */
const waitSeconds = 3;

/**
 * Measures the rate of calls while there was work: the first call, which is tried alone, waits, and the last rows, which
 * wait for answers or are tried again, do not count. Only for rates of several calls a second; in bounded memory, and in
 * whatever order the calls come.
 */
export function createReachedRate() {
  let seconds = 1;
  let stretches = new Map<number, number>();

  const widen = () => {
    seconds *= 2;
    const wider = new Map<number, number>();
    for (const [slot, calls] of stretches) {
      const into = Math.floor(slot / 2);
      wider.set(into, (wider.get(into) ?? 0) + calls);
    }
    stretches = wider;
  };

  return {
    /** Counts a call fired at `at`, epoch milliseconds. */
    add(at: number): void {
      const slot = Math.floor(at / 1000 / seconds);
      stretches.set(slot, (stretches.get(slot) ?? 0) + 1);
      if (stretches.size > maxStretches) widen();
    },

    /** Calls per second; `undefined` where there were too few to tell. */
    rate(): number | undefined {
      const ordered = [...stretches].sort(([a], [b]) => a - b);
      const usual = ordered.map(([, calls]) => calls).sort((a, b) => a - b)[Math.floor(ordered.length / 2)] ?? 0;
      // A low rate leaves seconds empty between its calls.
      if (usual < 2) return undefined;
      let calls = 0;
      let full = 0;
      for (const run of runsOf(ordered, waitSeconds / seconds)) {
        // Its first and last stretches are not full, nor are those in which little was left to do.
        const from = run.findIndex(([, count]) => count >= usual / 2);
        const to = run.findLastIndex(([, count]) => count >= usual / 2);
        const within = run.slice(from + 1, Math.max(from + 1, to));
        const first = within[0]?.[0];
        const last = within.at(-1)?.[0];
        if (first === undefined || last === undefined) continue;
        calls += within.reduce((sum, [, count]) => sum + count, 0);
        full += last - first + 1;
      }
      return full < fewestStretches ? undefined : calls / (full * seconds);
    },
  };
}

/** Stretches with calls, parted where there were none for longer than `wait` stretches. */
function runsOf(ordered: readonly (readonly [slot: number, calls: number])[], wait: number) {
  const runs: (readonly [slot: number, calls: number])[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const stretch of ordered) {
    if (stretch[0] - before > Math.max(1, wait)) runs.push([]);
    runs.at(-1)?.push(stretch);
    before = stretch[0];
  }
  return runs;
}
