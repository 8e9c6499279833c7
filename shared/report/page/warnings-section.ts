import { counted } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import { linesInWords } from "../places.ts";
import type { Summary } from "../summary.ts";
import { type Html, html } from "./html.ts";

const warningsShown = 50;
const textCharacters = 1_000;
const exampleCharacters = 80;

/** What a person should look at: how the list was read where that was in doubt, and likely oversights. Empty when there is nothing. */
export function warningsSection({ warnings = [] }: Summary): Html {
  if (warnings.length === 0) return html``;
  const more = warnings.length - warningsShown;
  return html`<section class="warnings" aria-labelledby="warnings">
<h2 id="warnings">Look at this</h2>
<ul class="steps">
${warnings
  .slice(0, warningsShown)
  .map(
    ({ text, count = 0, lines = [], examples = [] }) =>
      html`<li><bdi>${shorten(text, textCharacters)}</bdi>${
        lines.length + examples.length > 0
          ? html`<div class="small">${linesInWords(lines, count > lines.length)}${lines.length > 0 && examples.length > 0 ? ": " : ""}${examples.map((example, index) => [index > 0 && ", ", html`“<bdi>${shorten(example, exampleCharacters)}</bdi>”`])}${count > lines.length && lines.length > 0 ? ` (${counted(count, "case")} in all)` : ""}</div>`
          : ""
      }</li>\n`,
  )}</ul>
${more > 0 ? html`<p class="small">${counted(more, "more")} in summary.json.</p>` : ""}
</section>`;
}
