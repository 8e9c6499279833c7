import type { RowStatus } from "../../campaign/campaign.ts";
import { grouped } from "../../in-words.ts";
import { byUrgency } from "../problem-rows.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { percent } from "./percent.ts";

type Shown = RowStatus | "remaining" | "planned";

interface StatusCount {
  readonly status: Shown;
  readonly name: string;
  readonly count: number;
  readonly meaning: string;
}

/** What went well, then the most urgent first. */
const inOrder: readonly RowStatus[] = ["submitted", ...byUrgency];

/** The statuses a row can have by now; only a campaign that is over has all of them. */
function statusesOf(summary: Summary): readonly StatusCount[] {
  const { state, counts, remaining } = summary;
  const known = inOrder.map((status) => ({
    status,
    name: String(status),
    count: counts[status],
    meaning: meanings(summary)[status],
  }));
  const left = {
    status: state === "checked" ? ("planned" as const) : ("remaining" as const),
    name: state === "checked" ? "would be sent" : "to send",
    count: remaining,
    meaning: meanings(summary)[state === "checked" ? "planned" : "remaining"],
  };
  if (state === "complete") return known;
  if (state !== "checked") return [...known.filter(({ status }) => status !== "cancelled"), left];
  return [left, ...known.filter(({ status }) => status === "invalid" || status === "skipped")];
}

const meanings = ({ simulated }: Summary): Readonly<Record<Shown, string>> => ({
  submitted: simulated
    ? "The simulator accepted the message; nothing was really sent."
    : "Enswitch accepted the message for sending; whether it reached the phone is not known here.",
  failed: `${simulated ? "The simulator" : "Enswitch"} refused the message; nothing was sent.`,
  unknown:
    "The call was made, but its answer was lost: the message may have been sent, so it is never sent again automatically.",
  invalid: "The row cannot be sent as it stands; no call was made.",
  skipped:
    "Left out on purpose: a duplicate, a number on a suppression list, or one that an earlier report says was sent.",
  cancelled: "The campaign ended before the row was accepted; nothing was sent.",
  remaining: "Their turn has not come yet.",
  planned: "Nothing has been sent yet: this was only a check.",
});

/** The rows by status as one bar. */
export function shareBar(summary: Summary): Html {
  const { rows } = summary;
  const all = statusesOf(summary).filter(({ count }) => count > 0);
  let x = 0;
  const bar = all.map(({ status, count }): Fragment => {
    const width = (count / Math.max(1, rows)) * 100;
    const rect = html`<rect class="${status}" fill="${fills[status]}" x="${x.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`;
    x += width;
    return rect;
  });
  const label = all.map(({ name, count }) => `${name} ${grouped(count)}`).join(", ");
  return html`<svg class="share" width="100%" height="12" role="img" aria-label="Rows by status: ${label}">${bar}</svg>`;
}

/** The colours for readers that show no styles, such as previews of mails. */
const fills: Readonly<Record<Shown, string>> = {
  submitted: "#1b6ca8",
  failed: "#b93815",
  unknown: "#946200",
  invalid: "#7544b8",
  skipped: "#6a7681",
  cancelled: "#97a1ab",
  remaining: "#e2e4e7",
  planned: "#1b6ca8",
};

/** The rows by status as numbers with their shares and what they mean; statuses that no row has are folded away. */
export function statusTable(summary: Summary): Html {
  const all = statusesOf(summary);
  const others = all.filter(({ count }) => count === 0);
  const line = ({ status, name, count, meaning }: StatusCount) =>
    html`<tr><th scope="row"><span class="tag ${status}">${name}</span></th><td class="number-cell strong" data-count="${status}">${grouped(count)}</td><td class="number-cell">${percent(count, summary.rows)}</td><td class="wide quiet">${meaning}</td></tr>\n`;
  return html`<section aria-labelledby="statuses">
<h2 id="statuses">Rows by status</h2>
<div class="scroll" role="region" aria-label="Table of rows by status" tabindex="0">
<table class="statuses">
<thead><tr><th scope="col">Status</th><th scope="col" class="number-cell">Rows</th><th scope="col" class="number-cell">Share</th><th scope="col">What it means</th></tr></thead>
<tbody>
${all.filter(({ count }) => count > 0).map(line)}</tbody>
</table>
</div>
${
  others.length > 0
    ? html`<details><summary>No row is ${others.map(({ name }, index) => [index === 0 ? "" : index === others.length - 1 ? " or " : ", ", name])}</summary>
<dl class="pairs">
${others.map(({ status, name, meaning }) => html`<dt><span class="tag ${status}">${name}</span></dt><dd>${meaning}</dd>\n`)}</dl>
</details>`
    : ""
}
</section>`;
}
