import type { Summary } from "../summary.ts";
import { type Html, html } from "./html.ts";

/** The zone in which a campaign's page shows times: that of its sending window, else UTC. */
export const timezoneOf = ({ options, defaults }: Pick<Summary, "options" | "defaults">): string =>
  options.window?.timezone ?? defaults.window?.timezone ?? "UTC";

/** Creating a format takes longer than rendering a whole page, so each zone's is created once. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
  formats.set(timezone, format);
  return format;
}

/** Shows instants (ISO 8601) in one time zone, always with its name. */
export function timesIn(timezone: string) {
  const format = formatIn(timezone);
  return (instant: string): Html => html`<time datetime="${instant}">${format.format(new Date(instant))}</time>`;
}
