import { offsetAt } from "../zone-day.ts";
import type { Window } from "./options.ts";

const minute = 60_000;
const dayMinutes = 24 * 60;
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** How far ahead an opening is looked for: every window that ever opens does so within a week and a clock change. */
const horizon = 8 * dayMinutes * minute;

/**
 * Whether sending is allowed at `now` (epoch ms): every window must be open, so that several only narrow each other.
 * A window follows the wall clock of its zone: it opens when that shows `from` and closes when it shows `to`; over
 * midnight (`to` not later than `from`) it belongs to the day on which it opened. No windows: always.
 */
export const isOpen = (windows: readonly Window[], now: number): boolean =>
  windows.every((window) => open(window, now));

/** The first instant from `now` on (epoch ms) at which `isOpen`; undefined when there is none within 8 days. */
export function nextOpening(windows: readonly Window[], now: number): number | undefined {
  let at = now;
  while (at - now <= horizon) {
    const closed = windows.find((window) => !open(window, at));
    if (closed === undefined) return at;
    at = nextChange(closed, at);
  }
  return undefined;
}

function open({ days: allowed, from, to, timezone }: Window, now: number): boolean {
  const { weekday, minuteOfDay } = wallClock(timezone, now);
  const opens = minutesOf(from);
  const closes = minutesOf(to);
  const on = (day: number) => allowed === undefined || allowed.includes(days[(day + 7) % 7] ?? "sun");
  if (opens < closes) return minuteOfDay >= opens && minuteOfDay < closes && on(weekday);
  return (minuteOfDay >= opens && on(weekday)) || (minuteOfDay < closes && on(weekday - 1));
}

/**
 * The next instant at which a closed window may have opened: when the wall clock shows `from` or midnight, or when the
 * clocks change before that. Nothing in between can open it.
 */
function nextChange({ from, timezone }: Window, now: number): number {
  const { minuteOfDay, intoMinute } = wallClock(timezone, now);
  const opens = minutesOf(from);
  const wait = (minuteOfDay < opens ? opens : dayMinutes) - minuteOfDay;
  const planned = now - intoMinute + wait * minute;
  const offset = offsetAt(timezone, now);
  if (offsetAt(timezone, planned) === offset) return planned;
  let before = now;
  let after = planned;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(timezone, middle) === offset) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function wallClock(timezone: string, now: number) {
  const wall = now + offsetAt(timezone, now);
  const minutes = Math.floor(wall / minute);
  return {
    // 1 January 1970 was a Thursday.
    weekday: (Math.floor(minutes / dayMinutes) + 4) % 7,
    minuteOfDay: minutes % dayMinutes,
    intoMinute: wall - minutes * minute,
  };
}
