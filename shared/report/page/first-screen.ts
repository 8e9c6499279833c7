import type { Summary } from "../summary.ts";
import { facts } from "./facts.ts";
import { type Html, html } from "./html.ts";
import { statusCounts } from "./status-counts.ts";
import { warningsSection } from "./warnings-section.ts";

/** The name, the state in words, the rows by status, what to look at and the main facts. `kind` says what kind of page it is. */
export function firstScreen(summary: Summary, kind: string): Html {
  return html`<header>
<p class="kind">${kind}</p>
<h1><bdi>${summary.name}</bdi></h1>
<p class="state">${summary.stateText}</p>
${summary.reason && summary.state !== "refused" ? html`<p class="reason">${summary.reason}</p>` : ""}
</header>
${summary.rows > 0 && summary.state !== "refused" ? statusCounts(summary) : ""}
${warningsSection(summary)}
${summary.state === "refused" ? "" : facts(summary)}`;
}
