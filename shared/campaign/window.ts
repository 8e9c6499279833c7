import { offsetAt } from "../zone-day.ts";
import type { Window } from "./options.ts";

const minute = 60_000;
const dayMinutes = 24 * 60;
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/**
 * How far ahead an opening is looked for: every window that ever opens does so within a week and a clock change, but for
 * the dates on which it does not, each of which may put it off by a week.
 */
const horizonOf = (windows: readonly Window[]) =>
  (8 + 7 * Math.max(0, ...windows.map(({ except = [] }) => except.length))) * dayMinutes * minute;

/**
 * Whether sending is allowed at `now` (epoch ms): every window must be open, so that several only narrow each other.
 * A window follows the wall clock of its zone: it opens when that shows `from` and closes when it shows `to`; over
 * midnight (`to` not later than `from`) it belongs to the day on which it opened. No windows: always.
 */
export const isOpen = (windows: readonly Window[], now: number): boolean =>
  windows.every((window) => open(window, now));

/** The first instant from `now` on (epoch ms) at which `isOpen`; undefined when there is none in sight. */
export function nextOpening(windows: readonly Window[], now: number): number | undefined {
  const latest = now + horizonOf(windows);
  let at = now;
  while (at <= latest) {
    const closed = windows.find((window) => !open(window, at));
    if (closed === undefined) return at;
    at = nextEdge(closed, at);
  }
  return undefined;
}

/** The first instant after `now` and until `latest` (epoch ms) at which `isOpen` changes; undefined when it does not. */
export function nextChange(windows: readonly Window[], now: number, latest: number): number | undefined {
  const before = isOpen(windows, now);
  for (let at = edgeAfter(windows, now); at <= latest; at = edgeAfter(windows, at)) {
    if (isOpen(windows, at) !== before) return at;
  }
  return undefined;
}

const edgeAfter = (windows: readonly Window[], at: number) =>
  windows.reduce((first, window) => Math.min(first, nextEdge(window, at)), Number.POSITIVE_INFINITY);

function open(window: Window, now: number): boolean {
  const { day, minuteOfDay } = wallClock(window.timezone, now);
  const today = spanOf(window, day);
  if (today !== undefined && minuteOfDay >= today.opens && minuteOfDay < today.closes) return true;
  const yesterday = spanOf(window, day - 1);
  return yesterday !== undefined && minuteOfDay + dayMinutes < yesterday.closes;
}

/** From when until when the window that opens on a day (counted from 1970) is open, in minutes of that day. */
function spanOf(window: Window, day: number): { readonly opens: number; readonly closes: number } | undefined {
  // 1 January 1970 was a Thursday.
  const weekday = days[(day + 4) % 7] ?? "sun";
  if (window.days?.includes(weekday) === false || window.except?.includes(isoDate(day))) return undefined;
  const { from, to } = window.hours?.[weekday] ?? window;
  const opens = minutesOf(from);
  const closes = minutesOf(to);
  return { opens, closes: closes > opens ? closes : closes + dayMinutes };
}

const isoDate = (day: number) => new Date(day * dayMinutes * minute).toISOString().slice(0, 10);

/** The next instant at which a window may open or close: nothing in between can make it do so. */
function nextEdge(window: Window, now: number): number {
  const { timezone } = window;
  const { minuteOfDay, intoMinute } = wallClock(timezone, now);
  const times = [window, ...Object.values(window.hours ?? {})].flatMap(({ from, to }) => [from, to]);
  const later = times.map(minutesOf).filter((time) => time > minuteOfDay);
  const planned = now - intoMinute + (Math.min(dayMinutes, ...later) - minuteOfDay) * minute;
  const offset = offsetAt(timezone, now);
  if (offsetAt(timezone, planned) === offset) return planned;
  // The clocks change before that.
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
  const day = Math.floor(minutes / dayMinutes);
  return { day, minuteOfDay: minutes - day * dayMinutes, intoMinute: wall - minutes * minute };
}
