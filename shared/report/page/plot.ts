import { duration } from "../../in-words.ts";
import type { Interruption } from "../interruptions.ts";
import { inWords, type TimeLook } from "../time-words.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { span } from "./times.ts";

/** Height of a plot's field in CSS pixels, below the line with the letters of its marks. */
const fieldHeight = 160;
const above = 20;
const below = 24;
const height = above + fieldHeight + below;

/** The field's inner width: paths are drawn in it and stretched to the width of the page. */
const fieldWidth = 1000;

/** What one plot shows. Instants in epoch milliseconds. */
interface Plot {
  readonly from: number;
  readonly to: number;
  /** Marks of the vertical axis, from 0 at the bottom to 1 at the top. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The curves, drawn with `pathOf`. */
  readonly curves: readonly Html[];
  readonly legend: readonly { readonly tone: string; readonly name: string; readonly line?: true }[];
  readonly marks: readonly Interruption[];
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

/** A point of a curve: when, and how high from 0 to 1. */
export type PlotPoint = readonly [at: number, high: number];

/** More marks than this are not told apart. */
const marksShown = 12;

/** A plot over time as static SVG: shapes stretch with the page, texts do not. It needs no script. */
export function plot({ from, to, ticks, curves, legend, marks, label }: Plot): Html {
  const shown = marks.slice(0, marksShown);
  const y = (high: number) => (above + (1 - high) * fieldHeight).toFixed(1);
  return html`<ul class="legend">${legend.map(
    ({ tone, name, line }) => html`<li><span class="${line ? `stroke ${tone}` : `swatch ${tone}`}"></span>${name}</li>`,
  )}</ul>
<div class="plot">
<svg class="axis" width="44" height="${height}" aria-hidden="true">${ticks.map(
    ({ at, label: text }) =>
      html`<text x="38" y="${y(at)}" dy="4" text-anchor="end" font-size="12" fill="#5c6670">${text}</text>`,
  )}</svg>
<svg class="field" width="100%" height="${height}" role="img" aria-label="${label}">
${shown.map((mark) => bands(mark, from, to))}
${ticks.map(({ at }) => html`<line class="grid" x1="0" x2="100%" y1="${y(at)}" y2="${y(at)}" stroke="#e2e4e7"/>`)}
<svg x="0" y="${above}" width="100%" height="${fieldHeight}" viewBox="0 0 ${fieldWidth} ${fieldHeight}" preserveAspectRatio="none">${curves}</svg>
${letters(shown, from, to)}
${timeTicks(from, to)}
</svg>
</div>
${marksList(marks)}`;
}

/** A path through the points, in the plot's field. */
export function pathOf(points: readonly PlotPoint[], from: number, to: number): string {
  const scale = fieldWidth / Math.max(1, to - from);
  return points
    .map(([at, high], index) => {
      const x = Number(((at - from) * scale).toFixed(1));
      const y = Number(((1 - Math.min(1, Math.max(0, high))) * fieldHeight).toFixed(1));
      return `${index === 0 ? "M" : "L"}${x} ${y}`;
    })
    .join("");
}

const share = (at: number, from: number, to: number) =>
  ((Math.min(to, Math.max(from, at)) - from) / Math.max(1, to - from)) * 100;

const letter = (index: number) => String.fromCharCode(65 + index);

const bands = ({ spans }: Interruption, from: number, to: number): Fragment =>
  spans.map((band) => {
    const start = share(band.from, from, to);
    const width = share(band.to, from, to) - start;
    return band.from === band.to
      ? html`<line class="moment" x1="${start.toFixed(2)}%" x2="${start.toFixed(2)}%" y1="${above}" y2="${above + fieldHeight}" stroke="#5c6670"/>`
      : html`<rect class="quiet" x="${start.toFixed(2)}%" y="${above}" width="${width.toFixed(2)}%" height="${fieldHeight}" fill="#eceef0"/>`;
  });

/** The marks' letters above their stretches; those too close to each other stand together. */
function letters(marks: readonly Interruption[], from: number, to: number): Fragment {
  const all = marks
    .flatMap(({ spans }, index) =>
      spans.map((band) => ({ x: (share(band.from, from, to) + share(band.to, from, to)) / 2, letter: letter(index) })),
    )
    .sort((a, b) => a.x - b.x);
  const groups: { x: number; letters: Set<string> }[] = [];
  for (const { x, letter: name } of all) {
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < 3) last.letters.add(name);
    else groups.push({ x, letters: new Set([name]) });
  }
  return groups.map(
    ({ x, letters: names }) =>
      html`<text class="letter" x="${x.toFixed(2)}%" y="14" text-anchor="${anchorAt(x)}" font-size="12" fill="#1c2127">${[...names].join(" ")}</text>`,
  );
}

/** How a text at `x` per cent stays within the field. */
const anchorAt = (x: number) => (x < 4 ? "start" : x > 96 ? "end" : "middle");

const marksList = (marks: readonly Interruption[]): Html =>
  marks.length === 0
    ? html``
    : html`<ol class="marks">
${marks.slice(0, marksShown).map(({ why, spans }, index) => html`<li><b>${letter(index)}</b><span>${whenOf(spans)}: <bdi>${why}</bdi>.</span></li>\n`)}</ol>
${marks.length > marksShown ? html`<p class="small">${marks.length - marksShown} more are under “Options and history”.</p>` : ""}`;

function whenOf(spans: Interruption["spans"]): Fragment {
  const [first] = spans;
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return "";
  const all = span(new Date(first.from).toISOString(), new Date(last.to).toISOString());
  const quiet = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  if (spans.length > 1) return html`${spans.length} times from ${all}, ${duration(quiet)} in all`;
  return quiet === 0 ? all : html`${all}, ${duration(quiet)}`;
}

/** Steps of the time axis in seconds. */
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  1_209_600,
];
const mostTimes = 5;

function timeTicks(from: number, to: number): Fragment {
  const seconds = (to - from) / 1000;
  const step = timeSteps.find((each) => seconds / each <= mostTimes) ?? Math.ceil(seconds / mostTimes);
  const look: TimeLook = seconds > 86_400 ? "day" : step < 60 ? "second" : "minute";
  const first = Math.ceil(from / 1000 / step) * step;
  const times = Array.from(
    { length: Math.floor((to / 1000 - first) / step) + 1 },
    (_, index) => (first + index * step) * 1000,
  );
  return times.map((at, index) => {
    const x = share(at, from, to);
    const when = new Date(at).toISOString();
    return html`<line class="grid" x1="${x.toFixed(2)}%" x2="${x.toFixed(2)}%" y1="${above + fieldHeight}" y2="${above + fieldHeight + 4}" stroke="#e2e4e7"/><text${index % 2 === 1 ? html` class="odd"` : ""} x="${x.toFixed(2)}%" y="${height - 4}" text-anchor="${anchorAt(x)}" font-size="12" fill="#5c6670" data-time="${look}" data-at="${when}">${inWords(look, "UTC", when)}</text>`;
  });
}

/** Round values from 0 to about `most`, at most five of them, and the highest; what exceeds it by a hair is cut off. */
export function roundTicks(most: number): { readonly values: readonly number[]; readonly top: number } {
  const rough = (Math.max(most, 1e-9) / 4) * 0.97;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((each) => each >= rough) ?? 10 * size;
  const count = Math.max(1, Math.ceil(most / step - 0.05));
  return { values: Array.from({ length: count + 1 }, (_, index) => index * step), top: count * step };
}
