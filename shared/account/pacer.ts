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
 * Lets the calls of one execution out at their slots, and late ones as long as no second becomes too full. Until the last second of its
 * slots a machine that has stood still, or is busy with something else, then loses only calls that are half a second late, and not each
 * that is ten milliseconds late.
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

/** The slots that an execution has taken one after the other at one rate: from the first of them to behind the last one. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly rate: number;
  readonly epoch: number;
}

const continued = (span: Span | undefined, { slots, rate, epoch }: TakenSlots, again: boolean): Span | undefined => {
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return span;
  const from = again && span?.rate === rate && span.epoch === epoch ? span.from : first;
  return { from, until: last + intervalMs(rate), rate, epoch };
};

/** Whether no other execution has a slot within a second after an instant in a span. */
const isClear = (span: Span | undefined, at: number, rate: number): boolean =>
  span !== undefined && span.rate === rate && at >= span.from && at + secondMs <= span.until && lanesOf(rate) === 1;

/** A call, or leave for one that was not made yet, and when. */
interface OwnCall {
  at: number;
}

/**
 * The calls of one execution, as far back as they matter, in order. Another's before its span are unknown: each slot is taken to
 * have been used, as late as it may be.
 */
function createCalls() {
  const calls: OwnCall[] = [];

  /** From when on fewer than `most` calls were made in the `windowMs` before, at the earliest. */
  const roomIn = (windowMs: number, most: number, now: number, span: Span | undefined): number => {
    const own = calls.findIndex(({ at }) => at > now - windowMs);
    const owns = own < 0 ? 0 : calls.length - own;
    const others = span === undefined ? 0 : othersBefore(span, now - windowMs);
    if (owns + others < most) return now;
    const ownLeaves = (calls[own]?.at ?? Number.POSITIVE_INFINITY) + windowMs;
    const otherLeaves =
      span === undefined || others === 0 ? Number.POSITIVE_INFINITY : latestOf(span, others) + windowMs;
    return Math.min(ownLeaves, otherLeaves);
  };

  return {
    /** Forgets what is too old to matter. A clock that was put back makes calls of the future, which say nothing any more. */
    forget: (now: number): void => {
      while ((calls.at(-1)?.at ?? now) > now) calls.pop();
      while ((calls[0]?.at ?? now) <= now - secondMs) calls.shift();
    },
    /** When to ask again whether there is room for another call; `now` if there is. */
    roomAt: (now: number, rate: number, span: Span | undefined): number =>
      Math.max(roomIn(secondMs, mostInASecond(rate), now, span), roomIn(shortMs, mostInShort(rate), now, span)),
    add: (call: OwnCall): void => {
      calls.push(call);
    },
    remove: (call: OwnCall): void => {
      const index = calls.indexOf(call);
      if (index >= 0) calls.splice(index, 1);
    },
  };
}

/** The latest that the call of the `nth` slot before a span may have been made. */
const latestOf = ({ from, rate }: Span, nth: number): number => from - nth * intervalMs(rate) + lateToleranceMs(rate);

/** How many calls of slots before a span may have been made after an instant. */
const othersBefore = ({ from, rate }: Span, after: number): number =>
  Math.max(0, Math.ceil((from + lateToleranceMs(rate) - after) / intervalMs(rate)) - 1);

/**
 * The pacer of one execution. Others' calls are seen by nobody, so a slot is used late only where no other has slots for a second: the
 * execution's own calls are counted, and of those before its slots as many as there can have been. Near the end of its slots, and at rates
 * that several executions share, lateness is what the rate allows by itself (`lateToleranceMs`).
 */
export function createPacer(clock: Clock): Pacer {
  let span: Span | undefined;
  const calls = createCalls();
  let before: Promise<unknown> = Promise.resolve();

  const isLost = (slot: number, rate: number, now: number, toleranceMs = lateToleranceMs(rate)): boolean =>
    now - slot >= (isClear(span, now, rate) ? Math.max(toleranceMs, latestMs) : toleranceMs);

  /** Waits for room; one call after the other, so that a machine that is late is not woken for all of them. */
  const enter = async (slot: number, rate: number, toleranceMs?: number): Promise<OwnCall | undefined> => {
    for (;;) {
      const now = clock.now();
      if (isLost(slot, rate, now, toleranceMs)) return undefined;
      calls.forget(now);
      const at = calls.roomAt(now, rate, span);
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
        if (now < slot || isLost(slot, rate, now, toleranceMs) || calls.roomAt(now, rate, span) > now) return false;
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
    took: (taken, again) => {
      span = continued(span, taken, again);
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
