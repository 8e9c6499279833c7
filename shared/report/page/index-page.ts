import * as z from "zod";
import type { Campaign } from "../../campaign/campaign.ts";
import { hasExpired, reportedAtOf } from "../../campaign/expired.ts";
import { personOf } from "../../campaign/person.ts";
import { grouped, iso } from "../../in-words.ts";
import { folders, indexFile, olderIndexFile } from "../../ports/bucket-layout.ts";
import { shorten } from "../../shorten.ts";
import { documentPage } from "./document-page.ts";
import { type Html, html } from "./html.ts";
import { pageScript } from "./page-assets.ts";
import { instant, withTimes, zoneName } from "./times.ts";

/** Campaigns on one page of the index; older ones are on the next. */
export const campaignsPerPage = 200;

/** What the index says about a campaign. */
export const IndexEntry = z.object({
  name: z.string(),
  state: z.enum(["refused", "running", "paused", "ending", "complete"]),
  /** Complete, but for another reason than that all was done. */
  early: z.boolean(),
  /** Everything went to the built-in simulator. */
  simulated: z.literal(true).optional(),
  /** The reason for a state that someone has to act on. */
  reason: z.string().optional(),
  /** Rows, accepted, in doubt, not sent. */
  figures: z.array(z.number()),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  uploadedBy: z.string(),
  /** When its report was written, epoch milliseconds; absent until then, and from entries of older versions. */
  reportedAt: z.number().optional(),
});
export type IndexEntry = z.infer<typeof IndexEntry>;

/** The campaigns that are settled, as the index goes on with them behind the others. */
export interface ArchivedEntries {
  /** The latest of them. */
  readonly entries: readonly IndexEntry[];
  /** Pages of older ones, which are written already. */
  readonly olderPages: number;
}

/** One page of the index of all campaigns. */
interface IndexPage {
  readonly key: string;
  readonly html: string;
}

/**
 * The index of all campaigns, newest first: `reports/index.html` and, for more than 200, `reports/index-2.html` and so
 * on, then the pages of older ones in `archived`. `now` in epoch milliseconds; `notice` says what affects the whole
 * account, such as a pause.
 */
export function* indexPages(
  campaigns: readonly Campaign[],
  now: number,
  notice?: string,
  archived: ArchivedEntries = { entries: [], olderPages: 0 },
  keepDays?: number,
): Generator<IndexPage> {
  const current = new Set(campaigns.map(({ name }) => name));
  const newest = newestFirst([
    ...campaigns.map(indexEntryOf),
    ...archived.entries.filter(({ name }) => !current.has(name)),
  ]);
  const { olderPages } = archived;
  const all = newest.length + olderPages * campaignsPerPage;
  const pages = Math.max(1, Math.ceil(newest.length / campaignsPerPage));
  for (let page = 1; page <= pages; page += 1) {
    const shown = newest.slice((page - 1) * campaignsPerPage, page * campaignsPerPage);
    const where = `${grouped(all)} in all, newest first${pages > 1 ? `; page ${page} of ${pages}${olderPages > 0 ? ", and older ones" : ""}` : ""}.`;
    const newer = page > 1 ? indexFile(page - 1) : undefined;
    const older = page < pages ? indexFile(page + 1) : olderPages > 0 ? olderIndexFile(olderPages) : undefined;
    const last = olderPages > 0 ? olderIndexFile(1) : indexFile(pages);
    const place = { where: all === 0 ? "None yet: upload a CSV under campaigns/." : where, newer, older, last };
    const body = indexBody(shown, { ...place, now, notice, keepDays });
    yield {
      key: `${folders.reports}${indexFile(page)}`,
      html: documentPage({ title: "Campaigns", body, script: pageScript }),
    };
  }
}

/**
 * A full page of older campaigns, counted from the oldest. It is written when the next one is full, and once more when the
 * one after it is written: `newest` says whether it is the last of them so far.
 */
export function olderIndexPage(
  entries: readonly IndexEntry[],
  page: number,
  newest: boolean,
  now: number,
  keepDays?: number,
): IndexPage {
  const body = indexBody(newestFirst(entries), {
    where: "Older campaigns, newest first.",
    newer: newest ? indexFile(1) : olderIndexFile(page + 1),
    older: page > 1 ? olderIndexFile(page - 1) : undefined,
    last: olderIndexFile(1),
    now,
    keepDays,
  });
  return {
    key: `${folders.reports}${olderIndexFile(page)}`,
    html: documentPage({ title: "Campaigns", body, script: pageScript }),
  };
}

const newestFirst = (entries: readonly IndexEntry[]) =>
  [...entries].sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));

/** Where a page stands, and the file names of those around it. */
interface IndexPosition {
  readonly where: string;
  readonly newer: string | undefined;
  readonly older: string | undefined;
  readonly last: string;
  readonly now: number;
  readonly notice?: string;
  /** After so many days a report has expired. */
  readonly keepDays?: number;
}

function indexBody(entries: readonly IndexEntry[], { where, now, notice, keepDays, ...around }: IndexPosition): Html {
  return html`<header>
<p class="kind">bulk-send</p>
<h1>Campaigns</h1>
${notice ? html`<p class="headline">${withTimes(notice)}</p>` : ""}
<p class="reason">${where}</p>
</header>
<div class="scroll" role="region" aria-label="Campaigns" tabindex="0">
<table class="cards">
<thead><tr><th scope="col">Campaign</th><th scope="col">State</th><th scope="col" class="number-cell">Rows</th><th scope="col" class="number-cell">Accepted</th><th scope="col" class="number-cell">In doubt</th><th scope="col" class="number-cell">Not sent</th><th scope="col">Uploaded</th></tr></thead>
<tbody>
${entries.map((entry) => line(entry, instant(iso(entry.createdAt)), hasExpired(entry.reportedAt, keepDays, now)))}</tbody>
</table>
</div>
${around.newer || around.older ? pager(around) : ""}
<footer><p>Written ${instant(iso(now))}. Times are in ${zoneName}.</p></footer>`;
}

/** What the index says about a campaign, as it stands. */
export const indexEntryOf = (campaign: Campaign): IndexEntry => ({
  name: campaign.name,
  state: campaign.state,
  early: campaign.state === "complete" && campaign.end !== undefined && campaign.end.why !== "done",
  simulated: campaign.state === "refused" ? undefined : campaign.simulated,
  reason: why(campaign),
  figures: campaign.state === "refused" ? [] : counts(campaign),
  createdAt: campaign.createdAt,
  uploadedBy: campaign.uploadedBy,
  reportedAt: reportedAtOf(campaign),
});

function line(
  { name, state, early, simulated, reason, figures, uploadedBy }: IndexEntry,
  uploaded: Html,
  expired: boolean,
): Html {
  const named = html`<bdi>${name}</bdi>`;
  const cell = (column: number) => (figures[column] === undefined ? undefined : grouped(figures[column]));
  return html`<tr><th scope="row">${expired ? html`${named}<div class="small">its list and report have expired</div>` : html`<a href="${href(name)}">${named}</a>`}</th><td>${simulated ? "simulated, " : ""}${early ? "ended early" : state}${reason ? html`<div class="small">${withTimes(reason)}</div>` : undefined}</td>${["Rows", "Accepted", "In doubt", "Not sent"].map((label, column) => html`<td class="number-cell" data-label="${label}">${cell(column)}</td>`)}<td data-label="Uploaded">${uploaded}<div class="small"><bdi>${personOf(uploadedBy)}</bdi></div></td></tr>
`;
}

/** Rows, accepted, in doubt, not sent: from the report, or until there is one from the tallies. */
function counts(campaign: Exclude<Campaign, { state: "refused" }>): number[] {
  const { totals, tally } = campaign;
  const notSent = totals
    ? totals.failed + totals.invalid + totals.cancelled + totals.skipped
    : tally.failed + campaign.invalid + campaign.skipped + tally.skipped;
  const { submitted, unknown } = totals ?? tally;
  return [campaign.rows, submitted, unknown, notSent];
}

/** The reason for a state that someone has to act on. */
function why(campaign: Campaign): string | undefined {
  const reason = campaign.state === "refused" ? campaign.reason : campaign.state === "paused" && campaign.pause?.reason;
  return reason ? shorten(reason, 200) : undefined;
}

/** A link that works from disk and from a bucket, whatever characters the name has. */
const href = (name: string) => `${name.split("/").map(encodeURIComponent).join("/")}/report.html`;

const pager = ({
  newer,
  older,
  last,
}: Pick<IndexPosition, "newer" | "older" | "last">): Html => html`<nav aria-label="Pages">
${newer ? html`<a href="${newer}" rel="prev">Newer</a>` : ""}
${older ? html`<a href="${older}" rel="next">Older</a>` : ""}
<a href="${indexFile(1)}">First</a> <a href="${last}">Last</a>
</nav>`;
