import { RowStatus } from "../../campaign/campaign.ts";
import { grouped } from "../../in-words.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { percent } from "./percent.ts";

interface StatusCount {
  readonly status: RowStatus | "remaining";
  readonly name: string;
  readonly count: number;
}

/** The statuses a row can have by now; only a campaign that is over has all of them. */
function statusesOf({ state, counts, remaining }: Summary): readonly StatusCount[] {
  const known = RowStatus.options.map((status) => ({ status, name: String(status), count: counts[status] }));
  const left = {
    status: "remaining" as const,
    name: state === "checked" ? "would be sent" : "to send",
    count: remaining,
  };
  if (state === "complete") return known;
  if (state !== "checked") return [...known.filter(({ status }) => status !== "cancelled"), left];
  return [left, ...known.filter(({ status }) => status === "invalid" || status === "skipped")];
}

/** The rows by status: as one bar, and as numbers with their shares. */
export function statusCounts(summary: Summary): Html {
  const { rows } = summary;
  const all = statusesOf(summary);
  let x = 0;
  const bar = all.map(({ status, count }): Fragment => {
    const width = (count / Math.max(1, rows)) * 100;
    const rect = html`<rect class="${status}" x="${x.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`;
    x += width;
    return count > 0 && rect;
  });
  const label = all.map(({ name, count }) => `${name} ${grouped(count)}`).join(", ");
  return html`<svg class="share" role="img" aria-label="Rows by status: ${label}">${bar}</svg>
<ul class="counts" aria-label="Rows by status">
${all.map(
  ({ status, name, count }) =>
    html`<li class="${status}"><span class="number${count === 0 ? " none" : ""}" data-count="${status}">${grouped(count)}</span>
<span class="name">${name}</span><span class="percent">${percent(count, rows)}</span></li>\n`,
)}</ul>`;
}
