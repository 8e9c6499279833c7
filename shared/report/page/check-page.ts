import type { Summary } from "../summary.ts";
import { aboutSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { firstScreen } from "./first-screen.ts";
import { html } from "./html.ts";
import { messagesSection } from "./messages-section.ts";
import { nextStepsSection } from "./next-steps-section.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";

/** The page of a file that was only checked: its first messages as they will read, and what would not be sent. */
export function checkPage(summary: Summary): string {
  return documentPage({
    title: `${summary.name}: checked`,
    body: html`${firstScreen(summary, "Check")}
${messagesSection(summary)}
${nextStepsSection(summary)}
${reasonsSection(summary)}
${aboutSection(summary)}
${pageFooter(summary)}`,
  });
}
