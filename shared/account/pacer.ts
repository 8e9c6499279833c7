import type { Clock } from "../ports/clock.ts";
import { intervalMs, lanesOf, latestMs, lateToleranceMs } from "./slots.ts";

/** Leave to make one call; disposing of it unused makes room for another. */
export interface Leave extends Disposable {
  /** Whether the call may go out at this very moment, and then it counts as made; else its slot is lost. */
  use(): boolean;
}

/** Slots that an execution has taken at once. */
export interface TakenSlots {
  readonly slots: readonly number[];
  readonly rate: number;
  readonly epoch: number;
}

/**
 * Lets the calls of one execution out at their slots, and late ones as long as no second becomes too full. A machine that has
 * stood still, or is busy with something else, then loses only what it is late by more than half a second, and not each call that is
 * ten milliseconds late.
 */
export interface Pacer {
  /** Slots have been taken; `again`: the latest slots before them were taken by this execution, too. */
  took(taken: TakenSlots, again: boolean): void;
  /**
   * Waits for a slot and, after those that wait already, for room among this execution's calls; `undefined` once the slot is lost.
   * `toleranceMs`: how late it may be in any case, if not as the rate has it.
   */
  wait(slot: number, rate: number, toleranceMs?: number): Promise<Leave | undefined>;
}

const secondMs = 1_000;

/** What is late may follow closer than the rate has it, but not all at once: by half as much again over a tenth of a second. */
const shortMs = 100;
const mostInShort = (rate: number): number => Math.ceil((1.5 * rate * shortMs) / secondMs) + 1;

/** The most calls in any one second at `rate`: one more than the rate, and above 100/s another 1 %. */
const mostInASecond = (rate: number): number => Math.floor(rate > 100 ? 1.01 * rate + 1 : rate + 1);

/** The span in which no other execution has slots of the rate: from the first of its slots to behind the last one. */
function createSpan() {
  let span:
    | { readonly from: number; readonly until: number; readonly rate: number; readonly epoch: number }
    | undefined;
  return {
    took: ({ slots, rate, epoch }: TakenSlots, again: boolean): void => {
      const [first, last] = [slots[0], slots.at(-1)];
      if (first === undefined || last === undefined) return;
      const from = again && span?.rate === rate && span.epoch === epoch ? span.from : first;
      span = { from, until: last + intervalMs(rate), rate, epoch };
    },
    /** Whether all calls within a second of an instant are the execution's own: another's may be late by `latestMs`. */
    isAlone: (at: number, rate: number): boolean =>
      span !== undefined &&
      span.rate === rate &&
      at >= span.from + secondMs + latestMs &&
      at + secondMs <= span.until &&
      lanesOf(rate) === 1,
  };
}

/** A call, or leave for one that was not made yet, and when. */
interface OwnCall {
  at: number;
}

/** The calls of one execution, as far back as they matter, in order. */
function createCalls() {
  const calls: OwnCall[] = [];
  return {
    /** Forgets what is too old to matter. A clock that was put back makes calls of the future, which say nothing any more. */
    forget: (now: number): void => {
      while ((calls.at(-1)?.at ?? now) > now) calls.pop();
      while ((calls[0]?.at ?? now) <= now - secondMs) calls.shift();
    },
    /** From when on there is room for another. */
    roomAt: (now: number, rate: number): number => {
      const inSecond = calls[calls.length - mostInASecond(rate)];
      const inShort = calls[calls.length - mostInShort(rate)];
      return Math.max(now, (inSecond?.at ?? 0) + secondMs, (inShort?.at ?? 0) + shortMs);
    },
    add: (call: OwnCall): void => {
      calls.push(call);
    },
    remove: (call: OwnCall): void => {
      const index = calls.indexOf(call);
      if (index >= 0) calls.splice(index, 1);
    },
  };
}

/**
 * The pacer of one execution. Others' calls are seen by nobody, so a slot is used late only where all calls of the second before
 * and the second after are this execution's own: those are counted. Near where its slots begin and end, and at rates that several executions
 * share, lateness is what the rate allows by itself (`lateToleranceMs`).
 */
export function createPacer(clock: Clock): Pacer {
  const span = createSpan();
  const calls = createCalls();
  let before: Promise<unknown> = Promise.resolve();

  const isLost = (slot: number, rate: number, now: number, toleranceMs = lateToleranceMs(rate)): boolean =>
    now - slot >= (span.isAlone(now, rate) ? Math.max(toleranceMs, latestMs) : toleranceMs);

  /** Waits for room; one call after the other, so that a machine that is late is not woken for all of them. */
  const enter = async (slot: number, rate: number, toleranceMs?: number): Promise<OwnCall | undefined> => {
    for (;;) {
      const now = clock.now();
      if (isLost(slot, rate, now, toleranceMs)) return undefined;
      calls.forget(now);
      const at = calls.roomAt(now, rate);
      if (at <= now) {
        const call = { at: now };
        calls.add(call);
        return call;
      }
      await clock.sleepUntil(at);
    }
  };

  const leaveFor = (call: OwnCall, slot: number, rate: number, toleranceMs?: number): Leave => {
    let used = false;
    return {
      use: () => {
        const now = clock.now();
        calls.remove(call);
        calls.forget(now);
        if (now < slot || isLost(slot, rate, now, toleranceMs) || calls.roomAt(now, rate) > now) return false;
        call.at = now;
        calls.add(call);
        used = true;
        return true;
      },
      [Symbol.dispose]: () => {
        if (!used) calls.remove(call);
      },
    };
  };

  return {
    took: span.took,
    wait: async (slot, rate, toleranceMs) => {
      await clock.sleepUntil(slot);
      const entering = before.then(() => enter(slot, rate, toleranceMs));
      before = entering.catch(() => {});
      const call = await entering;
      return call && leaveFor(call, slot, rate, toleranceMs);
    },
  };
}
