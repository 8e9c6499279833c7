import { shorten } from "../../shorten.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { timesIn, timezoneOf } from "./times.ts";

const valueCharacters = 2_000;
const listed = 100;

/** Who did what, with which options and settings, and how the file was read. */
export function aboutSection(summary: Summary): Html {
  const { options, defaults, dialect, history, uploadedBy, ignoredUploads } = summary;
  const time = timesIn(timezoneOf(summary));
  const settings = Object.fromEntries(Object.entries(defaults).filter(([name]) => !(name in options)));
  const pairs: readonly (readonly [string, Fragment])[] = [
    ...(uploadedBy ? [["Uploaded by", html`<bdi>${uploadedBy}</bdi>`] as const] : []),
    ...history
      .filter(({ what }) => what !== "uploaded")
      .slice(-listed)
      .map(({ what, by, at }) => [capital(what), html`<bdi>${shorten(by, 200)}</bdi>, ${time(at)}`] as const),
    ...Object.entries(options).map(([name, value]) => [name, shown(value)] as const),
    ...Object.entries(settings).map(([name, value]) => [name, [shown(value), " (stack setting)"]] as const),
    ...(dialect
      ? [
          [
            "File",
            [
              dialect.sheet === undefined
                ? `${dialect.encoding}${dialect.guessed ? " (guessed)" : ""}, cells separated by ${separator(dialect.delimiter)}`
                : html`the sheet “<bdi>${shorten(dialect.sheet, 80)}</bdi>” of a workbook`,
              dialect.guessed &&
                dialect.samples.length > 0 && [
                  html`<br>These should look right; if they do not, upload the file again with the option “encoding”: `,
                  dialect.samples.map((sample, index) => [
                    index > 0 && ", ",
                    html`“<bdi>${shorten(sample, 80)}</bdi>”`,
                  ]),
                ],
            ],
          ] as const,
        ]
      : []),
    ...ignoredUploads.slice(-listed).map(({ reason }) => ["Ignored upload", shorten(reason, 300)] as const),
  ];
  if (pairs.length === 0) return html``;
  return html`<section aria-labelledby="about">
<h2 id="about">Options and history</h2>
<dl class="pairs">
${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
</section>`;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const shown = (value: unknown): Fragment => html`<bdi>${shorten(inWords(value), valueCharacters)}</bdi>`;

/** An option's value without the punctuation of JSON. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, part]) => `${name}: ${inWords(part)}`)
      .join("; ");
  }
  return value === "" ? "(empty)" : String(value);
}

function separator(delimiter: string): string {
  switch (delimiter) {
    case ",":
      return "commas";
    case ";":
      return "semicolons";
    case "\t":
      return "tabs";
    case "|":
      return "vertical bars";
    default:
      return `“${delimiter}”`;
  }
}

/** What each status means, in a sentence each. */
export const meaningSection = (): Html => html`<section aria-labelledby="meaning">
<h2 id="meaning">What the statuses mean</h2>
<dl class="words">
<div><dt><span class="tag submitted">submitted</span></dt><dd>Enswitch accepted the message for sending; whether it reached the phone is not known here.</dd></div>
<div><dt><span class="tag failed">failed</span></dt><dd>Enswitch refused the message; nothing was sent.</dd></div>
<div><dt><span class="tag unknown">unknown</span></dt><dd>The call was made, but its answer was lost: the message may have been sent, so it is never sent again automatically.</dd></div>
<div><dt><span class="tag invalid">invalid</span></dt><dd>The row could not be sent as it stands; Enswitch was not called.</dd></div>
<div><dt><span class="tag skipped">skipped</span></dt><dd>The row was left out on purpose: a duplicate, a number on a suppression list, or one that an earlier report says was sent.</dd></div>
<div><dt><span class="tag cancelled">cancelled</span></dt><dd>The campaign ended before the row was accepted; nothing was sent.</dd></div>
</dl>
</section>`;
