/** How a time is shown: `instant`, `exact` (to the second) and `span` stand by themselves and name their zone; the others are a plot's, and its caption names it. */
export type TimeLook = "instant" | "exact" | "span" | "second" | "minute" | "day";

const date = { day: "numeric", month: "short", year: "numeric" } as const;
const minute = { hour: "2-digit", minute: "2-digit" } as const;

const looks: Readonly<Record<TimeLook, Intl.DateTimeFormatOptions>> = {
  instant: { ...date, ...minute, timeZoneName: "short" },
  exact: { ...date, ...minute, second: "2-digit", timeZoneName: "short" },
  span: { ...date, ...minute, timeZoneName: "short" },
  second: { ...minute, second: "2-digit" },
  minute,
  day: { day: "numeric", month: "short", ...minute },
};

/** Creating a format takes longer than rendering a whole page, so each is created once. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant (ISO 8601), or the time from it `until` another, in a zone (IANA; `undefined` for that of the device). */
export function inWords(look: TimeLook, timeZone: string | undefined, at: string, until = at): string {
  const long = look === "span" && Date.parse(until) - Date.parse(at) > dayMs;
  const key = `${long ? "days" : look} ${timeZone}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...(long ? date : looks[look]), timeZone });
  formats.set(key, format);
  return look === "span" ? format.formatRange(new Date(at), new Date(until)) : format.format(new Date(at));
}

/** A longer span is told in days. */
const dayMs = 86_400_000;
