import type { Summary } from "../summary.ts";
import { aboutSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { facts } from "./facts.ts";
import { firstScreen, titleOf } from "./first-screen.ts";
import { html } from "./html.ts";
import { messagesSection } from "./messages-section.ts";
import { pageScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";
import { zonesSection } from "./zones-section.ts";

/** The page of a file that was only checked: its first messages as they will read, and what would not be sent. */
export function checkPage(summary: Summary): string {
  return documentPage({
    title: titleOf(summary, `${summary.name}: checked`),
    script: pageScript,
    body: html`${firstScreen(summary, "Check")}
${messagesSection(summary)}
${zonesSection(summary)}
${reasonsSection(summary)}
<section aria-labelledby="details">
<h2 id="details">Technical details</h2>
${facts(summary)}
</section>
${aboutSection(summary)}
${pageFooter(summary)}`,
  });
}
