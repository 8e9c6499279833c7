import type { Defaults, Options } from "../campaign/options.ts";
import { createCountryOf } from "../csv/destination-country.ts";
import type { Judged } from "../csv/judge-csv.ts";
import type { Preview } from "../plan/head.ts";

/** How many messages are shown as they will read. */
const messagesShown = 3;

/** Gathers what somebody who approves sees of a list, from its judged rows; bounded, however many there are. */
export function createPreview(options: Options, defaults: Defaults) {
  const countryOf = createCountryOf(options, defaults);
  const countries = new Map<string, { messages: number; segments: number }>();
  const messages: Preview["messages"] = [];
  return {
    /** Takes the next rows. */
    add: (rows: Extract<Judged, { kind: "rows" }>["rows"]): void => {
      for (const { row, line, verdict } of rows) {
        if (verdict.kind !== "send") continue;
        const { cnumber, message, snumber } = verdict.send;
        const { segments } = verdict;
        if (messages.length < messagesShown) messages.push({ row, line, cnumber, message, snumber, segments });
        const country = countryOf(cnumber) ?? "";
        const known = countries.get(country) ?? { messages: 0, segments: 0 };
        countries.set(country, { messages: known.messages + 1, segments: known.segments + segments });
      }
    },
    preview: (): Preview => ({
      countries: [...countries]
        .map(([country, figures]) => ({ country, ...figures }))
        .sort((a, b) => b.messages - a.messages || (a.country < b.country ? -1 : 1)),
      messages: [...messages],
    }),
  };
}
