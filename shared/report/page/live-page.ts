import type { Summary } from "../summary.ts";
import { aboutSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { facts } from "./facts.ts";
import { firstScreen, titleOf } from "./first-screen.ts";
import { html } from "./html.ts";
import { messagesSection, recipientsSection } from "./messages-section.ts";
import { liveScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";
import { instant } from "./times.ts";
import { zonesSection } from "./zones-section.ts";

/** `report.html` of a campaign that is not over yet. A copy of it says only when it was written. */
export function livePage(summary: Summary): string {
  return documentPage({
    title: titleOf(summary, `${summary.name}: ${summary.state}`),
    script: liveScript,
    body: html`${firstScreen(summary, html`Campaign in progress, as of ${instant(summary.updatedAt)}`)}
<p class="reload small"><span id="reload-note"></span> <button type="button" id="reload" hidden></button></p>
${recipientsSection(summary)}
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
