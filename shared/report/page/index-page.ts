import type { Campaign } from "../../campaign/campaign.ts";
import { grouped, iso } from "../../in-words.ts";
import { folders, indexFile } from "../../ports/bucket-layout.ts";
import { shorten } from "../../shorten.ts";
import { documentPage } from "./document-page.ts";
import { type Html, html } from "./html.ts";
import { pageScript } from "./page-assets.ts";
import { instant, withTimes, zoneName } from "./times.ts";

/** Campaigns on one page of the index; older ones are on the next. */
const campaignsPerPage = 200;

/** One page of the index of all campaigns. */
interface IndexPage {
  readonly key: string;
  readonly html: string;
}

/**
 * The index of all campaigns, newest first: `reports/index.html` and, for more than 200, `reports/index-2.html` and so
 * on. `now` in epoch milliseconds; `notice` says what affects the whole account, such as a pause.
 */
export function* indexPages(campaigns: readonly Campaign[], now: number, notice?: string): Generator<IndexPage> {
  const newest = [...campaigns].sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
  const pages = Math.max(1, Math.ceil(newest.length / campaignsPerPage));
  for (let page = 1; page <= pages; page += 1) {
    const shown = newest.slice((page - 1) * campaignsPerPage, page * campaignsPerPage);
    const body = indexBody(shown, { page, pages, all: newest.length, now, notice });
    yield {
      key: `${folders.reports}${indexFile(page)}`,
      html: documentPage({ title: "Campaigns", body, script: pageScript }),
    };
  }
}

interface IndexPosition {
  readonly page: number;
  readonly pages: number;
  readonly all: number;
  readonly now: number;
  readonly notice?: string;
}

function indexBody(campaigns: readonly Campaign[], { page, pages, all, now, notice }: IndexPosition): Html {
  return html`<header>
<p class="kind">bulk-send</p>
<h1>Campaigns</h1>
${notice ? html`<p class="headline">${withTimes(notice)}</p>` : ""}
<p class="reason">${all === 0 ? "None yet: upload a CSV under campaigns/." : `${grouped(all)} in all, newest first${pages > 1 ? `; page ${page} of ${pages}` : ""}.`}</p>
</header>
<div class="scroll" role="region" aria-label="Campaigns" tabindex="0">
<table class="cards">
<thead><tr><th scope="col">Campaign</th><th scope="col">State</th><th scope="col" class="number-cell">Rows</th><th scope="col" class="number-cell">Accepted</th><th scope="col" class="number-cell">In doubt</th><th scope="col" class="number-cell">Not sent</th><th scope="col">Uploaded</th></tr></thead>
<tbody>
${campaigns.map((campaign) => line(campaign, instant(iso(campaign.createdAt))))}</tbody>
</table>
</div>
${pages > 1 ? pager(page, pages) : ""}
<footer><p>Written ${instant(iso(now))}. Times are in ${zoneName}.</p></footer>`;
}

function line(campaign: Campaign, uploaded: Html): Html {
  const figures = campaign.state === "refused" ? [] : counts(campaign);
  return html`<tr><th scope="row"><a href="${href(campaign.name)}"><bdi>${campaign.name}</bdi></a></th><td>${simulated(campaign)}${stateInWords(campaign)}${why(campaign)}</td>${["Rows", "Accepted", "In doubt", "Not sent"].map((name, column) => html`<td class="number-cell" data-label="${name}">${figures[column]}</td>`)}<td data-label="Uploaded">${uploaded}<div class="small"><bdi>${campaign.uploadedBy}</bdi></div></td></tr>
`;
}

const simulated = (campaign: Campaign): string =>
  campaign.state !== "refused" && campaign.simulated ? "simulated, " : "";

/** Rows, accepted, in doubt, not sent: from the report, or until there is one from the tallies. */
function counts(campaign: Exclude<Campaign, { state: "refused" }>): readonly string[] {
  const { totals, tally } = campaign;
  const notSent = totals
    ? totals.failed + totals.invalid + totals.cancelled + totals.skipped
    : tally.failed + campaign.invalid + campaign.skipped + tally.skipped;
  const { submitted, unknown } = totals ?? tally;
  return [campaign.rows, submitted, unknown, notSent].map(grouped);
}

function stateInWords(campaign: Campaign): string {
  switch (campaign.state) {
    case "running":
      return "running";
    case "paused":
      return "paused";
    case "ending":
      return "ending";
    case "refused":
      return "refused";
    case "complete":
      return campaign.end && campaign.end.why !== "done" ? "ended early" : "complete";
    default:
      return campaign satisfies never;
  }
}

/** The reason for a state that someone has to act on. */
function why(campaign: Campaign): Html | undefined {
  const reason = campaign.state === "refused" ? campaign.reason : campaign.state === "paused" && campaign.pause?.reason;
  return reason ? html`<div class="small">${withTimes(shorten(reason, 200))}</div>` : undefined;
}

/** A link that works from disk and from a bucket, whatever characters the name has. */
const href = (name: string) => `${name.split("/").map(encodeURIComponent).join("/")}/report.html`;

const pager = (page: number, pages: number): Html => html`<nav aria-label="Pages">
${page > 1 ? html`<a href="${indexFile(page - 1)}" rel="prev">Newer</a>` : ""}
${page < pages ? html`<a href="${indexFile(page + 1)}" rel="next">Older</a>` : ""}
<a href="${indexFile(1)}">First</a> <a href="${indexFile(pages)}">Last</a>
</nav>`;
