import type { Summary } from "../summary.ts";
import { headlineHtml } from "./headline.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { nextStepsSection } from "./next-steps-section.ts";
import { shareBar, statusTable } from "./status-counts.ts";
import { withTimes } from "./times.ts";
import { warningsSection } from "./warnings-section.ts";

/**
 * What is forwarded: the summary in one sentence and one bar, and what to do next; below it what to look at and the rows by
 * status. `kind` says what kind of page it is.
 */
export function firstScreen(summary: Summary, kind: Fragment): Html {
  // A pause's reason stands in what to do about it.
  const reason = summary.nextSteps.some((step) => step.includes(summary.reason ?? "")) ? undefined : summary.reason;
  const counted = summary.rows > 0 && summary.state !== "refused";
  return html`<header>
<p class="kind">${summary.simulated ? html`<strong class="simulated">Simulated</strong> ` : ""}${kind}</p>
<h1><bdi>${summary.name}</bdi></h1>
<p class="headline">${headlineHtml(summary)}</p>
${reason && summary.state !== "refused" ? html`<p class="reason">${withTimes(reason)}</p>` : ""}
${counted ? shareBar(summary) : ""}
</header>
${nextStepsSection(summary)}
${warningsSection(summary)}
${counted ? statusTable(summary) : ""}`;
}

/** What stands before the title of a page whose campaign was only simulated. */
export const titleOf = (summary: Summary, title: string): string => `${summary.simulated ? "Simulated: " : ""}${title}`;
