import { grouped } from "../../in-words.ts";
import type { FinalFigures, ProblemRow } from "../figures.ts";
import { placeInWords } from "../places.ts";
import { type Html, html } from "./html.ts";

/** Bytes of the page that these rows may fill: enough for all 500, unless their cells are full of characters to escape. */
const budget = 1_200_000;

/** The first rows that were not accepted or are in doubt; the page's script searches and filters them. */
export function problemRowsSection({ problemRows, problemColumns, rows, counts }: FinalFigures): Html {
  const all = rows - counts.submitted;
  if (problemRows.length === 0) return html``;
  const lines = within(budget, problemRows.map(line));
  const statuses = [...new Set(problemRows.map(({ status }) => status))].sort();
  const which =
    all > lines.length
      ? `The first ${grouped(lines.length)} of ${grouped(all)} rows that were not sent or are in doubt; the report's other files have all of them.`
      : all === 1
        ? "The one row that was not sent or is in doubt."
        : `All ${grouped(all)} rows that were not sent or are in doubt.`;
  return html`<section aria-labelledby="rows-heading">
<h2 id="rows-heading">Rows to look at</h2>
<p class="lead">${which}</p>
<form id="row-filter" role="search" aria-label="Search these rows" hidden>
<label>Search<input type="search" autocomplete="off" spellcheck="false"></label>
<label>Status<select><option value="">All</option>${statuses.map((status) => html`<option value="${status}">${status}</option>`)}</select></label>
<output aria-live="polite"></output>
</form>
<div class="scroll" role="region" aria-label="Rows to look at" tabindex="0">
<table id="rows">
<thead><tr><th scope="col" class="number-cell">Where</th><th scope="col">Status</th>${problemColumns.map((name, index) => html`<th scope="col"><bdi>${name.trim() || `Column ${index + 1}`}</bdi></th>`)}<th scope="col">What happened</th></tr></thead>
<tbody>
${lines}</tbody>
</table>
</div>
</section>`;
}

const line = ({ row, line: number, status, cells, detail }: ProblemRow): Html =>
  html`<tr data-status="${status}"><th scope="row" class="number-cell">${placeInWords({ row, line: number })}</th><td><span class="tag ${status}">${status}</span></td>${cells.map((cell) => html`<td class="cell"><bdi>${cell}</bdi></td>`)}<td class="wide">${detail}</td></tr>\n`;

/** As many of the first lines as fit into so many bytes. */
function within(bytes: number, lines: readonly Html[]): readonly Html[] {
  let left = bytes;
  const past = lines.findIndex(({ markup }) => {
    left -= Buffer.byteLength(markup);
    return left < 0;
  });
  return past < 0 ? lines : lines.slice(0, past);
}
