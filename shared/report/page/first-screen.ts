import { RowStatus } from "../../campaign/campaign.ts";
import { counted, duration, grouped } from "../../in-words.ts";
import { characterInWords } from "../character-in-words.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { timesIn, timezoneOf } from "./times.ts";

/** Name, state in words, rows by status and the main facts. `kind` says what the page is about. */
export function firstScreen(summary: Summary, kind: string): Html {
  return html`<header>
<p class="kind">${kind}</p>
<h1><bdi>${summary.name}</bdi></h1>
<p class="state">${summary.stateText}</p>
${summary.reason && summary.state !== "refused" ? html`<p class="reason">${summary.reason}</p>` : ""}
</header>
${summary.rows > 0 && summary.state !== "refused" ? statusCounts(summary) : ""}
${summary.state === "refused" ? "" : facts(summary)}`;
}

/** A share in words that never rounds something to nothing or to all. */
export function percent(count: number, of: number): string {
  if (count === 0 || of === 0) return "0 %";
  if (count === of) return "100 %";
  const share = (count / of) * 100;
  if (share < 0.1) return "under 0.1 %";
  if (share > 99.9) return "over 99.9 %";
  return `${share < 10 || share > 90 ? share.toFixed(1) : Math.round(share)} %`;
}

interface StatusCount {
  readonly status: RowStatus | "remaining";
  readonly name: string;
  readonly count: number;
}

/** The statuses that a row can have by now: all of them only when the campaign is over. */
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

function statusCounts(summary: Summary): Html {
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

interface Fact {
  readonly name: string;
  readonly value: Fragment;
  readonly more?: Fragment;
}

function facts(summary: Summary): Html {
  const {
    startedAt,
    endedAt,
    estimatedEndAt,
    waitsUntil,
    endpointSilentSince,
    rate,
    segments,
    unicode,
    seconds,
    answerMs,
  } = summary;
  const time = timesIn(timezoneOf(summary));
  const over = summary.state === "complete";
  const judged = summary.state === "checked";
  const took = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : undefined;
  const all: readonly (Fact | false | undefined)[] = [
    startedAt !== undefined && { name: over ? "First call" : "Uploaded", value: time(startedAt) },
    endedAt !== undefined && {
      name: judged ? "Judged" : "Last call",
      value: time(endedAt),
      more: took !== undefined && `${duration(took)} after the first`,
    },
    estimatedEndAt !== undefined && {
      name: "Estimated end",
      value: time(estimatedEndAt),
      more: "if nothing comes in between",
    },
    waitsUntil !== undefined && { name: "Goes on at", value: time(waitsUntil) },
    endpointSilentSince !== undefined && { name: "Enswitch not answering since", value: time(endpointSilentSince) },
    rate.reached !== undefined
      ? {
          name: "Rate reached",
          value: perSecond(rate.reached),
          more: rate.set !== undefined && `of ${perSecond(rate.set)} set`,
        }
      : rate.set !== undefined && { name: "Rate set", value: perSecond(rate.set) },
    segments.total > 0 && {
      name: over ? "Segments sent" : "Segments to send",
      value: grouped(segments.total),
      more: distribution(segments.distribution),
    },
    unicode !== undefined &&
      unicode.rows > 0 && {
        name: "Only 70 characters a segment",
        value: counted(unicode.rows, "message"),
        more: `because of ${causes(unicode.causes)}`,
      },
    seconds !== undefined &&
      segments.total > 0 && { name: "Takes", value: duration(seconds * 1000), more: "at that rate" },
    answerMs && {
      name: "Enswitch answered within",
      value: `${duration(answerMs.median)} (median)`,
      more: `95 of 100 calls within ${duration(answerMs.p95)}, 99 within ${duration(answerMs.p99)}`,
    },
  ];
  const known = all.filter((fact): fact is Fact => typeof fact === "object");
  return html`<dl class="facts">
${known.map(
  ({ name, value, more }) =>
    html`<div><dt>${name}</dt><dd>${value}${more ? html`<small>${more}</small>` : ""}</dd></div>\n`,
)}</dl>`;
}

const perSecond = (rate: number) => `${Number(rate.toPrecision(3)).toLocaleString("en-GB")} per second`;

/** The characters that most messages have. */
const causes = (characters: NonNullable<Summary["unicode"]>["causes"]) =>
  [
    ...characters.slice(0, charactersShown).map(({ character }) => characterInWords(character)),
    ...(characters.length > charactersShown ? ["others"] : []),
  ].join(", ");

const charactersShown = 8;

/** "9,000 messages of 1, 12 of 2": the commonest few. */
function distribution(segments: Readonly<Record<string, number>>): string {
  const all = Object.entries(segments).filter(([, count]) => count > 0);
  const shown = all
    .slice(0, 4)
    .map(([size, count], index) =>
      index === 0
        ? `${grouped(count)} ${count === 1 ? "message" : "messages"} of ${size}`
        : `${grouped(count)} of ${size}`,
    );
  return [...shown, ...(all.length > 4 ? ["others longer"] : [])].join(", ");
}
