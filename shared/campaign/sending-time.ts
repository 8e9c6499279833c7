import type { DayLimit } from "../account/day-limit.ts";
import { dayAround } from "../zone-day.ts";
import type { Window } from "./options.ts";
import { isOpen, nextChange, nextOpening } from "./window.ts";

/** What decides how long sending takes. */
export interface SendingTerms {
  /** Calls per second, above 0. */
  readonly rate: number;
  /** All must be open. */
  readonly windows: readonly Window[];
  /** The most calls of a day; absent: no limit. */
  readonly day?: DailyRoom;
}

/** How many calls a day has room for. */
export interface DailyRoom {
  readonly calls: number;
  /** How many of the day of the first instant are made already. */
  readonly used: number;
  /** The midnight that ends the day of an instant; both in epoch milliseconds. */
  readonly midnightAfter: (at: number) => number;
}

/** A day's room where nothing of the first day is known to be used. */
export const dailyRoomOf = ({ calls, timezone }: DayLimit): DailyRoom => ({
  calls,
  used: 0,
  midnightAfter: (at) => dayAround(timezone, at).until,
});

/** How sending goes between two instants. */
export interface SendingTime {
  /** When all is sent, epoch milliseconds; `undefined` when that is not so in time. */
  readonly end: number | undefined;
  /** How much of what was to be sent is, up to all of it. */
  readonly sent: number;
  /** For how long it could be sent, milliseconds; `undefined`: never. */
  readonly open: number | undefined;
}

/** How sending `rows` messages goes, if nothing else is sent, from `from` until `until` at the latest (epoch ms). Pure. */
export function sendingTime(
  rows: number,
  { rate, windows, day }: SendingTerms,
  from: number,
  until: number,
): SendingTime {
  let at = from;
  let left = rows;
  let open: number | undefined;
  let midnight = day?.midnightAfter(from) ?? Number.POSITIVE_INFINITY;
  let room = day === undefined ? Number.POSITIVE_INFINITY : day.calls - day.used;
  while (at < until && (open === undefined || left > almostNothing)) {
    if (at >= midnight && day !== undefined) {
      midnight = day.midnightAfter(at);
      room = day.calls;
    }
    if (!isOpen(windows, at)) {
      at = nextOpening(windows, at) ?? until;
    } else if (room < 1 && day !== undefined) {
      open ??= 0;
      at = midnight;
    } else {
      const wanted = Math.min(left, room);
      const latest = Math.min(until, midnight, at + (wanted * 1000) / rate);
      const next = nextChange(windows, at, latest) ?? latest;
      const sent = ((next - at) * rate) / 1000;
      left -= sent;
      room -= sent;
      open = (open ?? 0) + (next - at);
      at = next;
    }
  }
  const isOver = open !== undefined && left <= almostNothing;
  return { end: isOver ? at : undefined, sent: rows - Math.max(0, left), open };
}

/** Parts of a row that sums leave over, and whose time a number of milliseconds since 1970 cannot express. */
const almostNothing = 0.01;
