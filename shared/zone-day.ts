const formats = new Map<string, Intl.DateTimeFormat>();

/** Offsets by zone and minute: clocks change with a minute, and rows come many to a minute. */
const known = new Map<string, Map<number, number>>();

/** Minutes that are remembered of a zone. */
const minutesKept = 50;

/** A zone's distance from UTC at an instant (epoch ms), in milliseconds. */
export function offsetAt(timezone: string, now: number): number {
  const minute = Math.floor(now / 60_000);
  const offsets = known.get(timezone) ?? new Map<number, number>();
  known.set(timezone, offsets);
  const before = offsets.get(minute);
  if (before !== undefined) return before;
  const offset = readOffset(timezone, now);
  if (offsets.size >= minutesKept) offsets.clear();
  offsets.set(minute, offset);
  return offset;
}

function readOffset(timezone: string, now: number): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset", year: "numeric" });
    formats.set(timezone, format);
  }
  const text = format.format(now);
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(text);
  if (match === null) throw new Error(`The platform gives the offset of ${timezone} as "${text}".`);
  const [, sign, hours, minutes, seconds] = match;
  const distance = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 + Number(seconds ?? 0) * 1000;
  return sign === "-" ? -distance : distance;
}

const dayMs = 24 * 3600_000;

/** The calendar day of a zone around an instant: from its midnight until the next, epoch milliseconds. */
export function dayAround(timezone: string, at: number): { readonly from: number; readonly until: number } {
  const day = Math.floor((at + offsetAt(timezone, at)) / dayMs) * dayMs;
  return { from: midnight(timezone, day), until: midnight(timezone, day + dayMs) };
}

/** When the day begins whose midnight would be at `day` (epoch ms) in UTC: where clocks change over it, at the first instant. */
function midnight(timezone: string, day: number): number {
  const guess = day - offsetAt(timezone, day + dayMs / 2);
  const offset = offsetAt(timezone, guess);
  const begin = day - offset;
  // A zone without this midnight jumps over it: then the day begins with the jump.
  return offsetAt(timezone, begin) === offset ? begin : Math.max(guess, begin);
}
