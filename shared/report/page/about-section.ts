import { grouped } from "../../in-words.ts";
import { shorten } from "../../shorten.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { perSecond } from "./per-second.ts";
import { instant, withTimes } from "./times.ts";

const valueCharacters = 2_000;
const listed = 100;

/** Who did what, with which options and settings, and how the file was read. */
export function aboutSection(summary: Summary): Html {
  const { options, defaults, dialect, history, uploadedBy, ignoredUploads, warnings = [] } = summary;
  const own = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings = Object.entries(defaults).filter(
    ([name, value]) => value !== undefined && !own.some(([known]) => known === name),
  );
  const pairs: readonly (readonly [string, Fragment])[] = [
    ...(uploadedBy ? [["Uploaded by", html`<bdi>${uploadedBy}</bdi>`] as const] : []),
    ...history
      .filter(({ what }) => what !== "uploaded")
      .slice(-listed)
      .map((deed) => [capital(deed.what), deedInWords(deed)] as const),
    ...own.map(([name, value]) => [name, shown(value)] as const),
    ...settings.map(
      ([name, value]) => [name, [shown(value), html` <span class="quiet">(setting of the stack)</span>`]] as const,
    ),
    ...(dialect
      ? [
          [
            "File",
            [
              dialect.sheet === undefined
                ? `${dialect.encoding}${dialect.guessed ? " (guessed)" : ""}, cells separated by ${separator(dialect.delimiter)}`
                : html`the sheet “<bdi>${shorten(dialect.sheet, 80)}</bdi>” of a workbook`,
              dialect.guessed &&
                // The warning about the guess quotes them, too.
                !warnings.some(({ code }) => code === "encoding-guessed") &&
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
    ...ignoredUploads.slice(-listed).map(({ reason }) => ["Ignored upload", withTimes(shorten(reason, 300))] as const),
  ];
  if (pairs.length === 0) return html``;
  return html`<section aria-labelledby="about">
<h2 id="about">Options and history</h2>
<dl class="pairs long">
${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
</section>`;
}

function deedInWords({ by, at, rate, callsPerDay, reason }: Summary["history"][number]): Fragment {
  return [
    html`<bdi>${shorten(by, 200)}</bdi>, ${instant(at)}`,
    rate !== undefined && `: ${perSecond(rate)}`,
    callsPerDay !== undefined && `: ${grouped(callsPerDay)} a day`,
    reason !== undefined && html`: <bdi>${shorten(reason, 400)}</bdi>`,
  ];
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const shown = (value: unknown): Fragment => html`<bdi>${shorten(inWords(value), valueCharacters)}</bdi>`;

/** An option's value without the punctuation of JSON. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, part]) => part !== undefined)
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
