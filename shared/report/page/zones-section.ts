import { zonesInWords } from "../../campaign/recipient-hours.ts";
import { counted } from "../../in-words.ts";
import type { Summary, SummaryZones } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { instant, span } from "./times.ts";

/** Most groups of zones that are shown: those with the most rows. */
const groupsShown = 40;

/** The recipients' time zones with their hours; nothing where no hours are by the recipients' clocks. */
export function zonesSection({ zones = [] }: Summary): Html {
  if (zones.length === 0) return html``;
  const shown = zones.toSorted((a, b) => b.rows - a.rows).slice(0, groupsShown);
  const more = zones.length - shown.length;
  return html`<section aria-labelledby="zones">
<h2 id="zones">The recipients' hours</h2>
<dl class="pairs">
${shown.map((group) => html`<dt>${zonesInWords(group.zones)}</dt><dd>${counted(group.rows, "message")}${hoursOf(group)}${endOf(group)}</dd>\n`)}</dl>
${more > 0 ? html`<p class="small">${counted(more, "other group")} of zones with fewer messages; summary.json has them all.</p>` : ""}
</section>`;
}

function hoursOf({ opensAt, closesAt }: SummaryZones): Fragment {
  if (opensAt === undefined) return closesAt === undefined ? "" : html`; it is their hours until ${instant(closesAt)}`;
  return html`; hours ${closesAt === undefined ? html`from ${instant(opensAt)}` : span(opensAt, closesAt)}`;
}

function endOf({ doneAt, late }: SummaryZones): Fragment {
  if (late !== undefined) return html`; about ${counted(late, "message")} would not be sent in time`;
  return doneAt === undefined ? "" : html`; done about ${instant(doneAt)}`;
}
