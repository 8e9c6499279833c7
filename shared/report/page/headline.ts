import { headline } from "../headline.ts";
import type { Summary } from "../summary.ts";
import { type Html, html } from "./html.ts";
import { span, withTimes } from "./times.ts";

/** The summary in one sentence. */
export function headlineHtml(summary: Summary): Html {
  const parts = headline(summary);
  const last = parts.at(-1);
  const stop = typeof last === "string" && /[.!?…]$/.test(last) ? "" : ".";
  return html`${parts.map((part) => (typeof part === "string" ? withTimes(part) : span(part.from, part.to)))}${stop}`;
}
