import { counted } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import { placeInWords } from "../places.ts";
import type { Summary } from "../summary.ts";
import { aboutSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { facts } from "./facts.ts";
import { firstScreen, titleOf } from "./first-screen.ts";
import { type Html, html } from "./html.ts";
import { pageScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";

/** The page of a file that was only checked: its first messages as they will read, and what would not be sent. */
export function checkPage(summary: Summary): string {
  return documentPage({
    title: titleOf(summary, `${summary.name}: checked`),
    script: pageScript,
    body: html`${firstScreen(summary, "Check")}
${messagesSection(summary)}
${reasonsSection(summary)}
<section aria-labelledby="details">
<h2 id="details">Technical details</h2>
${facts(summary)}
</section>
${aboutSection(summary)}
${pageFooter(summary)}`,
  });
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function messagesSection({ messages = [] }: Summary): Html {
  if (messages.length === 0) return html``;
  return html`<section aria-labelledby="messages">
<h2 id="messages">The first messages, as they will read</h2>
<ol class="messages">
${messages.map(
  ({
    row,
    line,
    cnumber,
    snumber,
    message,
    segments,
  }) => html`<li><p class="to">${capital(placeInWords({ row, line }))}, to <bdi>${shorten(cnumber, 80)}</bdi> from <bdi>${shorten(snumber, 80)}</bdi>${segments === undefined ? "" : `, ${counted(segments, "segment")}`}</p>
<p class="message"><bdi>${shorten(message, 2_000)}</bdi></p></li>\n`,
)}</ol>
</section>`;
}
