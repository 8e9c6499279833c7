import type { FinalFigures } from "../figures.ts";
import type { Summary } from "../summary.ts";
import { aboutSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { facts } from "./facts.ts";
import { firstScreen, titleOf } from "./first-screen.ts";
import { html } from "./html.ts";
import { filesSection } from "./next-steps-section.ts";
import { reportScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { answersFigure, courseSection } from "./plots-section.ts";
import { problemRowsSection } from "./problem-rows-section.ts";
import { reasonsSection } from "./reasons-section.ts";

/** `report.html` of a campaign that is over: at most about a megabyte, however large the campaign was. */
export function reportPage(summary: Summary, figures: FinalFigures): string {
  return documentPage({
    title: titleOf(summary, `${summary.name}: report`),
    script: reportScript,
    body: html`${firstScreen(summary, "Campaign report")}
${reasonsSection(summary)}
${courseSection(summary, figures)}
${problemRowsSection(figures)}
${filesSection(summary)}
<section aria-labelledby="details">
<h2 id="details">Technical details</h2>
${facts(summary)}
${answersFigure(summary, figures)}
</section>
${aboutSection(summary)}
${pageFooter(summary)}`,
  });
}
