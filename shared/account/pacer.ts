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
 * Lets the calls of one execution out at their slots, and late ones as long as no second becomes too full. A machine that has stood
 * still, or is busy with something else, then loses calls that are half a second late and a few before others' slots begin, and not
 * each that is ten milliseconds late.
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

/** A slot, and how late it may be used in any case, milliseconds. */
interface Due {
  readonly slot: number;
  readonly rate: number;
  readonly toleranceMs: number;
}

const isLate = ({ slot, toleranceMs }: Due, now: number): boolean => now - slot >= toleranceMs;

/**
 * The spans of an execution, in order. It takes slots seconds ahead, so that others' may lie between those that it uses now and
 * those that it took last.
 */
function createSpans(laneRate: number | undefined) {
  let spans: readonly Span[] = [];
  return {
    add: ({ slots, rate, epoch }: TakenSlots, again: boolean, now: number): void => {
      const latest = spans.at(-1);
      const continues = again && latest?.rate === rate && latest.epoch === epoch;
      const from = continues ? latest.from : Math.min(...slots);
      // Where it continues another, that one is never found any more, and forgotten as all are.
      const span = { from, until: Math.max(...slots) + intervalMs(rate), rate, epoch };
      spans = [...spans.filter(({ until }) => now < until + secondMs), span];
    },
    /** From when on others may have slots after this one; `undefined` where they may have some beside it. */
    untilOf: ({ slot, rate }: Due): number | undefined => {
      const span = lanesOf(rate, laneRate) === 1 ? spans.findLast(({ from }) => from <= slot) : undefined;
      return span !== undefined && span.rate === rate && slot < span.until ? span.until : undefined;
    },
  };
}

/** A call, or leave for one that was not made yet, and when. */
interface OwnCall {
  at: number;
  /** It was made later than its slot allows by itself. */
  late?: boolean;
}

/** The calls of one execution, as far back as they matter, in order. */
function createCalls() {
  const calls: OwnCall[] = [];

  /** From when on fewer than `most` calls were made in the `windowMs` before, at the earliest. */
  const roomIn = (windowMs: number, most: number, now: number): number => {
    const first = calls[calls.length - most];
    return first === undefined ? now : Math.max(now, first.at + windowMs);
  };

  /**
   * Whether after another call there is room for those of all slots from `until` on, in every second that they may share with it. One
   * more is left for where they come at another rate.
   */
  const leavesRoom = (now: number, rate: number, until: number): boolean => {
    const step = intervalMs(rate);
    for (let most = mostInASecond(rate) - 2, at = until; at < now + secondMs; most--, at += step) {
      const before = calls[calls.length - most];
      if (most <= 0 || (before !== undefined && before.at > at - secondMs)) return false;
    }
    return true;
  };

  return {
    /** Forgets what is too old to matter. A clock that was put back makes calls of the future, which say nothing any more. */
    forget: (now: number): void => {
      while ((calls.at(-1)?.at ?? now) > now) calls.pop();
      while ((calls[0]?.at ?? now) <= now - secondMs) calls.shift();
    },
    /** Whether a call within the last second was late. */
    someLate: (): boolean => calls.some(({ late }) => late),
    /**
     * When to ask again whether there is room for another call, `now` if there is; `until` is where others' slots may begin. Room that
     * is left to those comes back only if the execution takes them itself.
     */
    roomAt: (now: number, rate: number, until: number | undefined): number =>
      until === undefined || leavesRoom(now, rate, until)
        ? Math.max(roomIn(secondMs, mostInASecond(rate), now), roomIn(shortMs, mostInShort(rate), now))
        : now + intervalMs(rate),
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
 * The pacer of one execution. As long as no call is later than the rate allows by itself (`lateToleranceMs`), slots keep the rate and
 * nothing is counted. From a call that is later, and for a second, the execution counts its own calls, and those of all slots after its
 * own, whoever makes them. Those of slots before its own need no counting: they are not late, or their execution has counted this one's
 * slots; and as long as a second reaches back to them, it has no more slots than if all were on time. At rates that several executions
 * share, each with up to `laneRate` calls a second, no call is later than the rate allows.
 */
export function createPacer(clock: Clock, laneRate?: number): Pacer {
  const spans = createSpans(laneRate);
  const calls = createCalls();
  let before: Promise<unknown> = Promise.resolve();

  const isLost = (due: Due, now: number): boolean =>
    isLate(due, now) && (now - due.slot >= latestMs || spans.untilOf(due) === undefined);

  /** When to ask again whether a call may go out; `now` if it may. */
  const roomAt = (due: Due, now: number): number => {
    calls.forget(now);
    return isLate(due, now) || calls.someLate() ? calls.roomAt(now, due.rate, spans.untilOf(due)) : now;
  };

  /** Waits for room; one call after the other, so that a machine that is late is not woken for all of them. */
  const enter = async (due: Due): Promise<OwnCall | undefined> => {
    for (;;) {
      const now = clock.now();
      if (isLost(due, now)) return undefined;
      const at = roomAt(due, now);
      if (at <= now) {
        const call: OwnCall = { at: now };
        calls.add(call);
        return call;
      }
      await clock.sleepUntil(at);
    }
  };

  const leaveFor = (call: OwnCall, due: Due): Leave => {
    let used = false;
    return {
      use: () => {
        const now = clock.now();
        calls.remove(call);
        if (now < due.slot || isLost(due, now) || roomAt(due, now) > now) return false;
        call.at = now;
        call.late = isLate(due, now);
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
    took: (taken, again) => spans.add(taken, again, clock.now()),
    wait: async (slot, rate, toleranceMs = lateToleranceMs(rate)) => {
      const due = { slot, rate, toleranceMs };
      await clock.sleepUntil(slot);
      const entering = before.then(() => enter(due));
      before = entering.catch(() => {});
      const call = await entering;
      return call && leaveFor(call, due);
    },
  };
}
