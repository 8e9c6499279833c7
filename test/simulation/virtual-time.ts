/** Time that passes only from one event to the next. */
export interface VirtualTime {
  /** Epoch milliseconds, whole. */
  now(): number;
  /** Runs `act` at `at` (now at the earliest), after everything that was scheduled for that instant before. */
  at(at: number, act: () => void): void;
  /** The same, for what continues a program: afterwards the program runs until it waits for another event. */
  wake(at: number, act: () => void): void;
  /** Runs events until `over` or `limit` (epoch ms), which has come when nothing is scheduled before it any more. */
  run(over: () => boolean, limit: number): Promise<void>;
  /** How many events there were. */
  events(): number;
}

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
  readonly wakes: boolean;
}

/** Time from `start` on (epoch ms). All promises of the simulated world are resolved by its events and by nothing else. */
export function createVirtualTime(start: number): VirtualTime {
  const heap: Scheduled[] = [];
  let now = start;
  let order = 0;
  let events = 0;

  const before = (a: Scheduled, b: Scheduled) => a.at < b.at || (a.at === b.at && a.order < b.order);

  const push = (event: Scheduled) => {
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  };

  const pop = (): Scheduled | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      let least = left;
      if (right !== undefined && before(right, left)) {
        least = right;
        child++;
      }
      if (!before(least, last)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
    return top;
  };

  const schedule = (at: number, act: () => void, wakes: boolean) =>
    push({ at: Math.max(now, Math.ceil(at)), order: order++, act, wakes });

  return {
    now: () => now,
    at: (at, act) => schedule(at, act, false),
    wake: (at, act) => schedule(at, act, true),
    run: async (over, limit) => {
      while (!over()) {
        const [next] = heap;
        if (next === undefined || next.at > limit) {
          // An end that never comes is no instant to be at.
          if (limit < Number.POSITIVE_INFINITY) now = Math.max(now, limit);
          return;
        }
        const event = pop() ?? next;
        now = event.at;
        events++;
        event.act();
        // Once around the event loop: by then every promise and every tick that the event set off has run.
        if (event.wakes) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    events: () => events,
  };
}
