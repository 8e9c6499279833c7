import { grouped } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import { placesInWords } from "../places.ts";
import type { Summary } from "../summary.ts";
import { type Html, html } from "./html.ts";
import { percent } from "./percent.ts";

const barsShown = 8;
const reasonsShown = 100;
const reasonCharacters = 200;
const exampleCharacters = 40;

/** Why rows were not sent or are in doubt: the most common reasons as bars, then all of them with their first rows. */
export function reasonsSection({ problems, rows, state }: Summary): Html {
  if (problems.length === 0) return html``;
  const most = Math.max(...problems.map(({ count }) => count));
  return html`<section aria-labelledby="reasons">
<h2 id="reasons">${state === "complete" ? "Why rows were not sent or are in doubt" : "Why rows will not be sent"}</h2>
<p class="lead">${problems.some(({ lines }) => lines !== undefined) ? "Lines are numbered as a spreadsheet shows them; the header is line 1." : "Rows are numbered from 1, starting below the header."}</p>
${
  problems.length > 1
    ? html`<ul class="bars">
${problems.slice(0, barsShown).map(
  ({
    status,
    reason,
    count,
  }) => html`<li class="${status}"><div class="what"><span>${shorten(reason, 120)}</span><b>${grouped(count)}</b></div>
<svg aria-hidden="true"><rect width="${((count / most) * 100).toFixed(2)}%" height="100%"/></svg></li>\n`,
)}</ul>`
    : ""
}
<div class="scroll" role="region" aria-label="Reasons" tabindex="0">
<table>
<thead><tr><th scope="col">Status</th><th scope="col">Reason</th><th scope="col" class="number-cell">Rows</th><th scope="col" class="number-cell">Share</th><th scope="col">Where</th></tr></thead>
<tbody>
${problems.slice(0, reasonsShown).map(
  ({
    status,
    code,
    key,
    reason,
    count,
    rows: first,
    lines,
    examples,
  }) => html`<tr><td><span class="tag ${status}">${status}</span></td>
<th scope="row" class="wide"><bdi>${shorten(reason, reasonCharacters)}</bdi>${code === undefined || reason.includes(String(code)) ? "" : ` Code ${code}.`}${key && !reason.includes(key) ? ` Key ${shorten(key, 80)}.` : ""}${
    examples && examples.length > 0
      ? html`<div class="small">For example ${examples.slice(0, 3).map((example, index) => [index > 0 && ", ", html`“<bdi>${shorten(example, exampleCharacters)}</bdi>”`])}</div>`
      : ""
  }</th>
<td class="number-cell">${grouped(count)}</td><td class="number-cell">${percent(count, rows)}</td><td>${placesInWords(first, lines, count)}</td></tr>\n`,
)}</tbody>
</table>
</div>
</section>`;
}
