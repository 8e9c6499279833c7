import type { RowStatus } from "../../campaign/campaign.ts";
import { counted, grouped } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import type { FinalFigures, ProblemRow } from "../figures.ts";
import { placeInWords } from "../places.ts";
import { type Html, html } from "./html.ts";
import { withTimes } from "./times.ts";

/** Bytes of the page that these rows may fill: enough for all 500, unless their cells are full of characters to escape. */
const budget = 1_200_000;

/** A column's name must not be wider than its cells. */
const nameCharacters = 40;

/** So many rows are seen at first; the others when asked for. */
const shownAtFirst = 50;

/** The most urgent rows that were not accepted or are in doubt; the page's script searches and filters them. */
export function problemRowsSection({ problemRows, problemColumns, rows, counts }: FinalFigures): Html {
  const all = rows - counts.submitted;
  if (problemRows.length === 0) return html``;
  const names = problemColumns.map((name, index) => shorten(name.trim(), nameCharacters) || `Column ${index + 1}`);
  const lines = within(
    budget,
    problemRows.map((row) => line(row, names)),
  );
  const statuses = [...new Set(problemRows.slice(0, lines.length).map(({ status }) => status))];
  const more = lines.length - shownAtFirst;
  return html`<section aria-labelledby="rows-heading">
<h2 id="rows-heading">Rows to look at</h2>
<p class="lead">${which(all, lines.length, statuses, counts)}</p>
<form id="row-filter" role="search" aria-label="Search these rows" hidden>
<label>Search<input type="search" autocomplete="off" spellcheck="false"></label>
<label>Status<select><option value="">All</option>${statuses.map((status) => html`<option value="${status}">${status}</option>`)}</select></label>
<output aria-live="polite"></output>
</form>
${more > 0 ? html`<input type="checkbox" id="all-rows" class="unseen"><label class="button" for="all-rows">Show ${counted(more, "more row")} in the table</label>` : ""}
<div class="scroll" role="region" aria-label="Table of rows to look at" tabindex="0">
<table id="rows" class="cards">
<thead><tr><th scope="col">Where</th><th scope="col">Status</th>${names.slice(0, 1).map(heading)}<th scope="col">What happened</th>${names.slice(1).map(heading)}</tr></thead>
<tbody>
${lines.slice(0, shownAtFirst)}</tbody>
${more > 0 ? html`<tbody class="more">\n${lines.slice(shownAtFirst)}</tbody>\n` : ""}</table>
</div>
${
  more > 0
    ? html`<p class="small unprinted">Not printed: ${counted(more, "more row")}. Show them on the page first, or see the report’s other files.</p>
`
    : ""
}</section>`;
}

function which(all: number, listed: number, statuses: readonly RowStatus[], counts: FinalFigures["counts"]): string {
  if (all === 1) return "The one row that was not sent or is in doubt.";
  if (all <= listed) return `All ${grouped(all)} rows that were not sent or are in doubt, the most urgent first.`;
  const each = statuses.map((status) => `${grouped(counts[status])} ${status}`).join(", ");
  return `${grouped(listed)} of ${grouped(all)} rows that were not sent or are in doubt (${each}), the most urgent first, with some of each status; the report’s other files have all of them.`;
}

const heading = (name: string): Html => html`<th scope="col"><bdi dir="auto">${name}</bdi></th>`;

function line({ row, line: number, status, cells, detail }: ProblemRow, names: readonly string[]): Html {
  const shown = cells.map(
    (cell, index) =>
      html`<td class="${index === 0 ? "cell phone" : "cell"}" data-label="${names[index] ?? ""}"><bdi dir="auto">${cell}</bdi></td>`,
  );
  return html`<tr data-status="${status}"><th scope="row" class="nowrap">${placeInWords({ row, line: number })}</th><td><span class="tag ${status}">${status}</span></td>${shown.slice(0, 1)}<td class="happened" data-label="What happened">${withTimes(detail)}</td>${shown.slice(1)}</tr>\n`;
}

/** As many of the first lines as fit into so many bytes. */
function within(bytes: number, lines: readonly Html[]): readonly Html[] {
  let left = bytes;
  const past = lines.findIndex(({ markup }) => {
    left -= Buffer.byteLength(markup);
    return left < 0;
  });
  return past < 0 ? lines : lines.slice(0, past);
}
