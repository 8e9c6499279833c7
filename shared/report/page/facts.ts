import type { Cost } from "../../campaign/prices.ts";
import { counted, duration, grouped, moment } from "../../in-words.ts";
import { characterInWords } from "../character-in-words.ts";
import { costDetails, moneyInWords } from "../cost-in-words.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { perSecond } from "./per-second.ts";
import { instant } from "./times.ts";

interface Fact {
  readonly name: string;
  readonly value: Fragment;
  readonly more?: Fragment;
}

/** The technical facts of a summary in short; what is not known is left out. Empty when nothing is. */
export function facts(summary: Summary): Html {
  const known = [
    ...whenFacts(summary),
    ...rateFacts(summary),
    ...messageFacts(summary),
    ...stopFacts(summary),
    ...costFacts(summary),
    ...speedFacts(summary),
  ].filter((fact): fact is Fact => typeof fact === "object");
  if (known.length === 0) return html``;
  return html`<dl class="facts">
${known.map(
  ({ name, value, more }) =>
    html`<div><dt>${name}</dt><dd>${value}${more ? html`<small>${more}</small>` : ""}</dd></div>\n`,
)}</dl>`;
}

/** A fact, or what stands for one that is not known. */
type MaybeFact = Fact | false | undefined;

function whenFacts(summary: Summary): readonly MaybeFact[] {
  const { state, startedAt, endedAt, estimatedEndAt, waitsUntil, endpointSilentSince } = summary;
  const took = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : undefined;
  return [
    startedAt !== undefined && { name: state === "complete" ? "First call" : "Uploaded", value: instant(startedAt) },
    endedAt !== undefined && {
      name: state === "checked" ? "Checked" : "Last call",
      value: instant(endedAt),
      more: took !== undefined && `${duration(took)} after the first`,
    },
    estimatedEndAt !== undefined && {
      name: "Estimated end",
      value: instant(estimatedEndAt),
      more: "if nothing delays it",
    },
    waitsUntil !== undefined && { name: "Continues at", value: instant(waitsUntil) },
    endpointSilentSince !== undefined && { name: "Enswitch not answering since", value: instant(endpointSilentSince) },
  ];
}

function rateFacts({ rate }: Summary): readonly MaybeFact[] {
  if (rate.reached === undefined) return [rate.set !== undefined && { name: "Rate set", value: perSecond(rate.set) }];
  const more = rate.set !== undefined && `of ${perSecond(rate.set)} set`;
  return [{ name: "Rate reached", value: perSecond(rate.reached), more }];
}

function messageFacts({ state, segments, unicode }: Summary): readonly MaybeFact[] {
  return [
    segments.total > 0 && {
      name: state === "complete" ? "Segments sent" : "Segments to send",
      value: grouped(segments.total),
      more: distribution(segments.distribution),
    },
    unicode !== undefined &&
      unicode.rows > 0 && {
        name: "Only 70 characters per segment",
        value: counted(unicode.rows, "message"),
        more: `because of ${causes(unicode.causes)}`,
      },
  ];
}

function stopFacts({ state, footer, optedOut, repliesReadUntil }: Summary): readonly MaybeFact[] {
  return [
    footer && {
      name: "Named no way to stop",
      value: counted(footer.messages, "message"),
      more: `“${footer.text}” ${state === "checked" ? "is" : "was"} put under ${footer.messages === 1 ? "it" : "them"}`,
    },
    optedOut !== undefined && {
      name: "Opted out meanwhile",
      value: counted(optedOut, "person", "people"),
      more: `whoever had texted them${repliesReadUntil === undefined ? "" : `; replies could be read only up to ${moment(Date.parse(repliesReadUntil))}`}`,
    },
  ];
}

function costFacts({ cost }: Summary): readonly MaybeFact[] {
  if (cost === undefined) return [];
  const { currency, estimated, submitted } = cost;
  const fact = (name: string, of: Cost): Fact => {
    const { parts, notes } = costDetails(currency, of);
    return { name, value: moneyInWords(currency, of.amount), more: [parts, ...notes].filter(Boolean).join(". ") };
  };
  return [submitted && fact("Cost of what was submitted", submitted), fact("Estimated cost", estimated)];
}

function speedFacts({ seconds, segments, answerMs, simulated }: Summary): readonly MaybeFact[] {
  return [
    seconds !== undefined &&
      segments.total > 0 && { name: "Takes", value: duration(seconds * 1000), more: "at that rate" },
    answerMs && {
      name: `${simulated ? "The simulator" : "Enswitch"} answered within`,
      value: `${duration(answerMs.median)} (median)`,
      more: `95 of 100 calls within ${duration(answerMs.p95)}, 99 within ${duration(answerMs.p99)}`,
    },
  ];
}

/** The characters found in the most messages. */
const causes = (characters: NonNullable<Summary["unicode"]>["causes"]) =>
  [
    ...characters.slice(0, charactersShown).map(({ character }) => characterInWords(character)),
    ...(characters.length > charactersShown ? ["others"] : []),
  ].join(", ");

const charactersShown = 8;

/** "9,000 messages of 1, 12 of 2": the first four sizes. */
function distribution(segments: Readonly<Record<string, number>>): string {
  const all = Object.entries(segments).filter(([, count]) => count > 0);
  const shown = all
    .slice(0, 4)
    .map(([size, count], index) =>
      index === 0 ? `${counted(count, "message")} of ${size}` : `${grouped(count)} of ${size}`,
    );
  return [...shown, ...(all.length > 4 ? ["others longer"] : [])].join(", ");
}
