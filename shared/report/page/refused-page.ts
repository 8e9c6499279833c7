import type { Summary } from "../summary.ts";
import { documentPage } from "./document-page.ts";
import { firstScreen } from "./first-screen.ts";
import { html } from "./html.ts";
import { pageScript } from "./page-assets.ts";
import { pageFooter } from "./page-footer.ts";
import { reasonsSection } from "./reasons-section.ts";

/** The page of an upload that was refused as a whole: why, the first problems, and how to fix it. */
export function refusedPage(summary: Summary): string {
  return documentPage({
    title: `${summary.name}: refused`,
    script: pageScript,
    body: html`${firstScreen(summary, "Upload refused")}
${reasonsSection(summary)}
${pageFooter(summary, summary.uploadedBy ? html`<p>Uploaded by <bdi>${summary.uploadedBy}</bdi>.</p>` : "")}`,
  });
}
