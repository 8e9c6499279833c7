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

/** A span in which no other execution has slots of a rate: from its first slot to behind its last one. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly rate: number;
  readonly epoch: number;
}

const secondMs = 1_000;

/** What is late may follow closer than the rate has it, but not all at once: by half as much again over a tenth of a second. */
const shortMs = 100;
const mostInShort = (rate: number): number => Math.ceil((1.5 * rate * shortMs) / secondMs) + 1;

/** The most calls in any one second at `rate`: one more than the rate, and above 100/s another 1 %. */
const mostInASecond = (rate: number): number => Math.floor(rate > 100 ? 1.01 * rate + 1 : rate + 1);

/**
 * The pacer of one execution. Others' calls are seen by nobody, so a slot is used late only where all calls of the second before
 * and the second after are this execution's own: those are counted. Near where its slots begin and end, and at rates that several executions
 * share, lateness is what the rate allows by itself (`lateToleranceMs`).
 */
export function createPacer(clock: Clock): Pacer {
  let span: Span | undefined;
  /** When its latest calls were made, and when leave was given for those that were not made yet; in order. */
  const calls: { at: number }[] = [];
  let before: Promise<unknown> = Promise.resolve();

  const forget = (now: number): void => {
    // A clock that was put back makes calls of the future, which say nothing any more.
    while ((calls.at(-1)?.at ?? now) > now) calls.pop();
    while ((calls[0]?.at ?? now) <= now - secondMs) calls.shift();
  };

  /** From when on there is room for a call that comes `after` so many. */
  const roomAt = (now: number, rate: number, after = calls.length): number => {
    const inSecond = calls[after - mostInASecond(rate)];
    const inShort = calls[after - mostInShort(rate)];
    return Math.max(now, (inSecond?.at ?? 0) + secondMs, (inShort?.at ?? 0) + shortMs);
  };

  const isAlone = (now: number, rate: number): boolean =>
    span !== undefined &&
    span.rate === rate &&
    now >= span.from + secondMs + latestMs &&
    now + secondMs <= span.until &&
    lanesOf(rate) === 1;

  const isLost = (slot: number, rate: number, now: number, toleranceMs = lateToleranceMs(rate)): boolean =>
    now - slot >= (isAlone(now, rate) ? Math.max(toleranceMs, latestMs) : toleranceMs);

  /** Waits for room; one call after the other, so that a machine that is late is not woken for all of them. */
  const enter = async (slot: number, rate: number, toleranceMs?: number): Promise<{ at: number } | undefined> => {
    for (;;) {
      const now = clock.now();
      if (isLost(slot, rate, now, toleranceMs)) return undefined;
      forget(now);
      const at = roomAt(now, rate);
      if (at <= now) {
        const call = { at: now };
        calls.push(call);
        return call;
      }
      await clock.sleepUntil(at);
    }
  };

  const leaveFor = (call: { at: number }, slot: number, rate: number, toleranceMs?: number): Leave => {
    let used = false;
    const withdraw = () => {
      const index = calls.indexOf(call);
      if (index >= 0) calls.splice(index, 1);
    };
    return {
      use: () => {
        const now = clock.now();
        withdraw();
        forget(now);
        if (now < slot || isLost(slot, rate, now, toleranceMs) || roomAt(now, rate) > now) return false;
        call.at = now;
        calls.push(call);
        used = true;
        return true;
      },
      [Symbol.dispose]: () => {
        if (!used) withdraw();
      },
    };
  };

  return {
    took: ({ slots, rate, epoch }, again) => {
      const [first, last] = [slots[0], slots.at(-1)];
      if (first === undefined || last === undefined) return;
      const from = again && span?.rate === rate && span.epoch === epoch ? span.from : first;
      span = { from, until: last + intervalMs(rate), rate, epoch };
    },
    wait: async (slot, rate, toleranceMs) => {
      await clock.sleepUntil(slot);
      const entering = before.then(() => enter(slot, rate, toleranceMs));
      before = entering.catch(() => {});
      const call = await entering;
      return call && leaveFor(call, slot, rate, toleranceMs);
    },
  };
}
