import { inWords } from "../time-words.ts";
import { type Fragment, type Html, html } from "./html.ts";

/** An instant (ISO 8601), in UTC until the page's script shows it in the reader's zone. */
export const instant = (at: string): Html =>
  html`<time datetime="${at}" data-time="instant">${inWords("instant", "UTC", at)}</time>`;

/** The time from one instant to another. */
export const span = (from: string, to: string): Html =>
  html`<time datetime="${from}" data-until="${to}" data-time="span">${inWords("span", "UTC", from, to)}</time>`;

/** Names the zone of the page's times. */
export const zoneName: Html = html`<span data-zone>UTC</span>`;

/** A sentence in which times stand as `moment` and `momentToSecond` write them, with these shown like all others. */
export const withTimes = (sentence: string): Fragment =>
  sentence
    .split(/(\b\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC\b)/)
    .map((piece, index): Fragment => (index % 2 === 0 ? piece : instantOf(piece)));

const toTheSecond = /:\d\d:/;

function instantOf(moment: string): Fragment {
  const at = Date.parse(moment.replace(" UTC", "Z").replace(" ", "T"));
  if (Number.isNaN(at)) return moment;
  const iso = new Date(at).toISOString();
  return toTheSecond.test(moment)
    ? html`<time datetime="${iso}" data-time="exact">${inWords("exact", "UTC", iso)}</time>`
    : instant(iso);
}
