import { indexFile } from "../../ports/bucket-layout.ts";
import type { Summary } from "../summary.ts";
import { type Html, html, type Part } from "./html.ts";
import { timesIn, timezoneOf } from "./times.ts";

/** When the page was written, and how to come to the others. */
export const pageFooter = (summary: Summary, more?: Part): Html => html`<footer>
<p>Written ${timesIn(timezoneOf(summary))(summary.updatedAt)} by bulk-send. <a href="${toIndex(summary.name)}">All campaigns</a></p>
${more}
</footer>`;

/** The index stands above the folder of every report, as many steps as the name has parts. */
const toIndex = (name: string) => `${"../".repeat(name.split("/").length)}${indexFile(1)}`;
