import type { Summary } from "../summary.ts";
import { aboutSection, meaningSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { firstScreen } from "./first-screen.ts";
import { html } from "./html.ts";
import { messagesSection, recipientsSection } from "./messages-section.ts";
import { nextStepsSection } from "./next-steps-section.ts";
import { liveScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";

/** `report.html` of a campaign that is not over yet. */
export function livePage(summary: Summary): string {
  return documentPage({
    title: `${summary.name}: ${summary.state}`,
    script: liveScript,
    body: html`${firstScreen(summary, "Campaign in progress")}
${nextStepsSection(summary)}
${recipientsSection(summary)}
${messagesSection(summary)}
${reasonsSection(summary)}
${aboutSection(summary)}
${meaningSection()}
${pageFooter(
  summary,
  html`<p>This page is updated every minute while the campaign runs. <span id="reload-note"></span> <button type="button" id="keep-still" hidden></button></p>`,
)}`,
  });
}
