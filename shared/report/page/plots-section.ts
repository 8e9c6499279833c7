import { counted, duration, grouped } from "../../in-words.ts";
import type { FinalFigures } from "../figures.ts";
import { interruptions } from "../interruptions.ts";
import type { Summary } from "../summary.ts";
import type { TimelinePoint } from "../timeline.ts";
import { answersPlot } from "./answers-plot.ts";
import { callsPlot } from "./calls-plot.ts";
import { type Html, html } from "./html.ts";
import { perSecond } from "./per-second.ts";
import { instant, zoneName } from "./times.ts";

/** Fewer calls, or a shorter time, are told in a sentence: a plot of them would say no more. */
const fewestCalls = 20;
const shortestMs = 5_000;

/** The course of the campaign: one plot with a caption that says what it shows, or a sentence. Empty when there were no calls. */
export function courseSection(summary: Summary, { timeline, firstCallAt = 0, lastCallAt = 0 }: FinalFigures): Html {
  const { points } = timeline;
  if (points.length === 0) return html``;
  const calls = points.reduce((sum, point) => sum + total(point), 0);
  const lasted = lastCallAt - firstCallAt;
  const marks = interruptions(summary, timeline);
  if (calls < fewestCalls || lasted < shortestMs) {
    const within =
      calls === 1
        ? "The one call was made"
        : `All ${grouped(calls)} calls were made within ${duration(Math.max(1, lasted))},`;
    return html`<section aria-labelledby="course">
<h2 id="course">How it went</h2>
<p class="lead">${within} on ${instant(new Date(firstCallAt).toISOString())}.${marks.map(({ why }) => html` In between: <bdi>${why}</bdi>.`)}</p>
</section>`;
  }
  const text = callsInWords(summary, points, lasted);
  return html`<section aria-labelledby="course">
<h2 id="course">How it went</h2>
<figure>
<figcaption>${text}</figcaption>
<h3>Calls per second</h3>
${callsPlot(summary, timeline, marks, `Calls per second over time, by outcome. ${text}`)}
<p class="small">Times are in <span class="nowrap">${zoneName}</span>.</p>
</figure>
</section>`;
}

function callsInWords({ rate, history }: Summary, points: readonly TimelinePoint[], lasted: number): string {
  const sum = (of: "accepted" | "failed" | "unknown") => points.reduce((all, point) => all + point[of], 0);
  const troubled = [
    ...(sum("unknown") > 0 ? [`${grouped(sum("unknown"))} stayed in doubt`] : []),
    ...(sum("failed") > 0 ? [`${grouped(sum("failed"))} failed`] : []),
  ].join(" and ");
  const speed =
    rate.reached === undefined
      ? ""
      : ` at ${perSecond(rate.reached)}${rate.set === undefined || history.some(({ what }) => what === "changed the rate") ? "" : ` of ${perSecond(rate.set)} set`}`;
  return `${counted(
    points.reduce((all, point) => all + total(point), 0),
    "call",
  )} in ${duration(lasted)}${speed}; ${troubled === "" ? "none failed and none is in doubt" : troubled}.`;
}

const total = ({ accepted, failed, unknown }: TimelinePoint) => accepted + failed + unknown;

/** How long Enswitch took to answer, as a plot with a caption; empty where a sentence among the facts says it. */
export function answersFigure(
  { rate }: Summary,
  { timeline, answers, firstCallAt = 0, lastCallAt = 0 }: FinalFigures,
): Html {
  const { points } = timeline;
  if (answers === undefined || points.length < 3 || lastCallAt - firstCallAt < shortestMs) return html``;
  const slowest = points.reduce((most, point) => ((point.answers?.p99 ?? 0) > (most.answers?.p99 ?? 0) ? point : most));
  const text = `Half of all answers came within ${duration(answers.median)}, 99 of 100 within ${duration(answers.p99)}.`;
  return html`<figure>
<h3>Answer times</h3>
<figcaption>${text}${slowest.answers === undefined ? "" : html` They were slowest from ${instant(new Date(slowest.first).toISOString())} on: 99 of 100 within ${duration(slowest.answers.p99)}.`}</figcaption>
${answersPlot(timeline, rate.set, [], `Enswitch's answer times over time, on a logarithmic scale. ${text}`)}
</figure>`;
}
