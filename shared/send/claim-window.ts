import type { Clock } from "../ports/clock.ts";

/** How many batches of one environment may be on their way at once, from asking for slots to their record. */
export interface ClaimWindow {
  /** A batch's place in it, not yet entered; disposing of it leaves. */
  place(): Place;
}

/** One is sent while the next one is claimed and the one before waits for its last answers. */
const leastWidth = 3;

/** A machine that stood still for a moment was late for all that had slots then, and is not too slow for what comes next. */
const standstills = 1;

/** The place of one batch, which it enters again for each claim. */
export interface Place extends Disposable {
  /** Waits, in order of asking, until the batch may ask for slots; `false` if not by `latest` (epoch ms). */
  enter(latest: number): Promise<boolean>;
  /** The batch has its slots. */
  granted(): void;
  /** The batch is claimed and its rows fired, `usefully` or all of them too late; or, `undefined`, it came to no call. */
  leave(usefully: boolean | undefined): void;
}

/**
 * A window that is as wide as it takes while claims are of use. A claim costs the same whether its rows are fired or not. On a
 * machine that is too slow for all that is claimed every row comes too late, is claimed again, and that makes the machine busier
 * still: it would send next to nothing and never recover. So claims for nothing, one after another, halve the window, as a lost
 * packet does TCP's (https://www.rfc-editor.org/rfc/rfc5681), once for all that had slots then; each useful one widens it by a batch.
 */
export function createClaimWindow(clock: Clock): ClaimWindow {
  let width = Number.POSITIVE_INFINITY;
  let inside = 0;
  let withSlots = 0;
  let grants = 0;
  /** Claims for nothing since the last useful one, of which each had its slots after the one before had come to its end. */
  let inVain = 0;
  /** Batches that had their slots before the last of those ended say nothing new. */
  let seenAt = 0;
  const waiting = new Set<() => void>();
  const admit = () => {
    for (const enter of waiting) {
      if (inside >= width) return;
      waiting.delete(enter);
      enter();
    }
  };
  const end = (turn: number, usefully: boolean | undefined) => {
    if (usefully === true) [width, inVain] = [width + 1, 0];
    else if (usefully === false && turn > seenAt) {
      seenAt = grants;
      if (++inVain > standstills) width = Math.max(leastWidth, Math.floor(withSlots / 2));
    }
    withSlots--;
  };

  return {
    place: (): Place => {
      let state: { readonly turn: number | undefined } | undefined;
      const leave = (usefully: boolean | undefined) => {
        if (state === undefined) return;
        if (state.turn !== undefined) end(state.turn, usefully);
        state = undefined;
        inside--;
        admit();
      };
      return {
        enter: async (latest) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          const enter = () => {
            inside++;
            state = { turn: undefined };
            resolve();
          };
          waiting.add(enter);
          admit();
          if (state === undefined) await Promise.race([promise, clock.sleepUntil(latest)]);
          waiting.delete(enter);
          return state !== undefined;
        },
        granted: () => {
          state = { turn: ++grants };
          withSlots++;
        },
        leave,
        [Symbol.dispose]: () => leave(undefined),
      };
    },
  };
}
