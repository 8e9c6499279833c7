import { grouped } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import { placesInWords } from "../places.ts";
import { byUrgency } from "../problem-rows.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { percent } from "./percent.ts";
import { withTimes } from "./times.ts";

const reasonsShown = 100;
const reasonCharacters = 200;
const exampleCharacters = 40;

type ListedReason = Summary["problems"][number];

/** Why rows were not sent or are in doubt, each reason once and the most urgent first: how many rows, as a number and a bar, and where the first of them are. */
export function reasonsSection({ problems, rows, state }: Summary): Html {
  if (problems.length === 0) return html``;
  const most = Math.max(...problems.map(({ count }) => count));
  const numbered = problems.some(({ lines }) => lines !== undefined)
    ? "Lines are numbered as a spreadsheet shows them; the header is line 1."
    : "Rows are numbered from 1, starting below the header.";
  const line = (problem: ListedReason) => {
    const { status, count, rows: first, lines } = problem;
    return html`<tr><td><span class="tag ${status}">${status}</span></td>
<th scope="row" class="wide">${reasonOf(problem)}</th>
<td class="number-cell bar ${status}" data-label="Rows"><span class="strong">${grouped(count)}</span> <span class="quiet">${percent(count, rows)}</span><svg width="100%" height="4" aria-hidden="true"><rect width="${((count / most) * 100).toFixed(2)}%" height="100%"/></svg></td><td class="where" data-label="Where">${placesInWords(first, lines, count)}</td></tr>\n`;
  };
  return html`<section aria-labelledby="reasons">
<h2 id="reasons">${state === "complete" ? "Why rows were not sent or are in doubt" : "Why rows will not be sent"}</h2>
<p class="lead">${numbered}</p>
<div class="scroll" role="region" aria-label="Table of reasons" tabindex="0">
<table class="cards">
<thead><tr><th scope="col">Status</th><th scope="col">Reason</th><th scope="col" class="number-cell">Rows</th><th scope="col">Where</th></tr></thead>
<tbody>
${urgentFirst(problems).slice(0, reasonsShown).map(line)}</tbody>
</table>
</div>
${problems.length > reasonsShown ? html`<p class="small">${grouped(problems.length - reasonsShown)} more in summary.json.</p>` : ""}
</section>`;
}

/** The reasons of the most urgent rows first; those of one status stay in their order. */
const urgentFirst = (problems: readonly ListedReason[]): readonly ListedReason[] =>
  byUrgency.flatMap((status) => problems.filter((problem) => problem.status === status));

/** An example in quotation marks, unless it quotes something itself. */
const exampleInMarks = (example: string): Html => {
  const text = html`<bdi>${shorten(example, exampleCharacters)}</bdi>`;
  return example.includes('"') ? text : html`“${text}”`;
};

function reasonOf({ reason, code, key, examples = [] }: ListedReason): Fragment {
  // What the reason quotes already is not quoted again.
  const news = examples.filter((example) => !reason.includes(example)).slice(0, 3);
  return [
    html`<bdi>${withTimes(shorten(reason, reasonCharacters))}</bdi>`,
    code !== undefined && !reason.includes(String(code)) && ` Code ${code}.`,
    key !== undefined && key !== "" && !reason.includes(key) && ` Key ${shorten(key, 80)}.`,
    news.length > 0 &&
      html`<div class="small">For example ${news.map((example, index) => [index > 0 && ", ", exampleInMarks(example)])}</div>`,
  ];
}
