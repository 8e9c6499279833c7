import * as z from "zod";
import { dayAround } from "../zone-day.ts";

/** The most calls of a calendar day, as the stack's owner set them: the days are those of `timezone`. */
export interface DayLimit {
  /** The setting `maxMessagesPerDay`. */
  readonly calls: number;
  readonly timezone: string;
}

/** How many slots of a day were given out; instants in epoch milliseconds. */
export const CountedDay = z.object({ from: z.number(), until: z.number(), used: z.int() });
export type CountedDay = z.infer<typeof CountedDay>;

/** From `from` on, when the last slot of the day has passed, nothing is sent until `until`; epoch milliseconds. */
export const DayFull = z.object({ from: z.number(), until: z.number(), calls: z.int() });
export type DayFull = z.infer<typeof DayFull>;

/**
 * No slot is so near to midnight that its call could be counted by another day, milliseconds: a probe may be a second
 * late, and clocks differ.
 */
const clearOfMidnightMs = { before: 2_000, after: 1_000 } as const;

/** The longest that a call may come after its slot, with the difference between clocks, milliseconds. */
const lateMs = 1_500;

/** Where a slot falls: its day with what is counted of it, the slot itself, and the latest that a slot of this day can be. */
export interface PlaceInDay {
  readonly day: CountedDay;
  readonly first: number;
  readonly latest: number;
}

/** The first place for a slot from `first` on. A day that was counted is never gone back behind, nor cut short by a new zone. */
export function placeInDay(counted: CountedDay | undefined, timezone: string, first: number): PlaceInDay {
  const at = counted === undefined ? first : Math.max(first, counted.from);
  const day = counted !== undefined && at < counted.until ? counted : dayFrom(counted, timezone, at);
  const latest = day.until - clearOfMidnightMs.before;
  if (at > latest) return placeInDay(dayFrom(day, timezone, day.until), timezone, at);
  return { day, first: Math.max(at, day.from + clearOfMidnightMs.after), latest };
}

/** The day around `at`, which comes after `before`; in a new zone it may have calls that were counted there. */
function dayFrom(before: CountedDay | undefined, timezone: string, at: number): CountedDay {
  const day = dayAround(timezone, at);
  return { ...day, used: before !== undefined && day.from < before.until ? before.used : 0 };
}

/** A day of which everything is given out; the last slot may be just before `nextFreeAt` (epoch ms). */
export const fullDay = ({ until }: CountedDay, calls: number, nextFreeAt: number): DayFull => ({
  from: nextFreeAt + lateMs,
  until: until + clearOfMidnightMs.after,
  calls,
});
