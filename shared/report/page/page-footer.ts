import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { instant, zoneName } from "./times.ts";

/** When the page was written, and a link to all the others. */
export const pageFooter = (summary: Summary, more?: Fragment): Html => html`<footer>
<p>Written ${instant(summary.updatedAt)} by bulk-send${summary.simulated ? ", from a simulation: no message left the machine" : ""}. Times are in ${zoneName}. <a href="${toIndex(summary.name)}">All campaigns</a></p>
${more}
</footer>`;

/** The index is above the folder of every report, as many levels up as the name has parts. */
const toIndex = (name: string) => `${"../".repeat(name.split("/").length)}index.html`;
