import { counted } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import { placeInWords } from "../places.ts";
import type { Summary } from "../summary.ts";
import { type Html, html } from "./html.ts";
import { instant } from "./times.ts";

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** The first messages as they will read; nothing where the summary has none. */
export function messagesSection({ messages = [] }: Summary): Html {
  if (messages.length === 0) return html``;
  return html`<section aria-labelledby="messages">
<h2 id="messages">The first messages, as they will read</h2>
<ol class="messages">
${messages.map(
  ({
    row,
    line,
    cnumber,
    snumber,
    message,
    segments,
  }) => html`<li><p class="to">${capital(placeInWords({ row, line }))}, to <bdi>${shorten(cnumber, 80)}</bdi> from <bdi>${shorten(snumber, 80)}</bdi>${segments === undefined ? "" : `, ${counted(segments, "segment")}`}</p>
<p class="message"><bdi>${shorten(message, 2_000)}</bdi></p></li>\n`,
)}</ol>
</section>`;
}

/** What goes where, while a campaign waits for approval; nothing where the summary does not say it. */
export function recipientsSection({ recipients = [], countedAt }: Summary): Html {
  if (recipients.length === 0) return html``;
  return html`<section aria-labelledby="recipients">
<h2 id="recipients">Where the messages go</h2>
${
  countedAt === undefined
    ? ""
    : html`<p class="lead">Counted ${instant(countedAt)}; who is suppressed or opts out later gets none either.</p>
`
}<dl class="pairs">
${recipients.map(
  ({ country, messages, segments }) =>
    html`<dt>${country === "" ? "Unknown country" : country}</dt><dd>${counted(messages, "message")}, ${counted(segments, "segment")}</dd>\n`,
)}</dl>
</section>`;
}
