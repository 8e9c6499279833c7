import type { FinalFigures } from "../figures.ts";
import type { Summary } from "../summary.ts";
import { aboutSection, meaningSection } from "./about-section.ts";
import { documentPage } from "./document-page.ts";
import { firstScreen } from "./first-screen.ts";
import { html } from "./html.ts";
import { filesSection, nextStepsSection } from "./next-steps-section.ts";
import { plotStyle, reportScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { plotsSection } from "./plots-section.ts";
import { problemRowsSection } from "./problem-rows-section.ts";
import { reasonsSection } from "./reasons-section.ts";
import { timezoneOf } from "./times.ts";

/** `report.html` of a campaign that is over: at most about a megabyte, however large the campaign was. */
export function reportPage(summary: Summary, figures: FinalFigures): string {
  return documentPage({
    title: `${summary.name}: report`,
    styles: [plotStyle],
    script: reportScript,
    body: html`${firstScreen(summary, "Campaign report")}
${nextStepsSection(summary)}
${plotsSection(figures, summary.rate.set, timezoneOf(summary))}
${reasonsSection(summary)}
${problemRowsSection(figures)}
${meaningSection()}
${aboutSection(summary)}
${filesSection(summary)}
${pageFooter(summary)}`,
  });
}
