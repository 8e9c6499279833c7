import { duration, grouped } from "../../in-words.ts";
import type { FinalFigures } from "../figures.ts";
import type { TimelinePoint } from "../timeline.ts";
import type { PlotData } from "./browser/plot-data.ts";
import { type Html, html, jsonFor } from "./html.ts";

/** The course of the campaign as two plots, each with a caption that says what it shows. Empty when there were no calls. */
export function plotsSection({ timeline, answers }: FinalFigures, rate: number | undefined, timezone: string): Html {
  const { points, minutesPerPoint } = timeline;
  if (points.length === 0) return html``;
  const each = minutesPerPoint === 1 ? "minute" : `${minutesPerPoint} minutes`;
  const busiest = points.reduce((most, point) => (calls(point) > calls(most) ? point : most));
  const slowest = points.reduce((most, point) => ((point.answers?.p99 ?? 0) > (most.answers?.p99 ?? 0) ? point : most));
  const at = clock(timezone);
  const troubled = points.filter(({ failed, unknown }) => failed + unknown > 0).length;
  const callsText =
    `Most calls were made in the ${each} from ${at(busiest.at)}: ${grouped(calls(busiest))}. ` +
    (troubled === 0
      ? "None failed and none is in doubt."
      : `In ${troubled} of ${points.length} ${minutesPerPoint === 1 ? "minutes" : `stretches of ${each}`}, calls failed or are in doubt.`);
  const answersText =
    answers && slowest.answers
      ? `Half of all answers came within ${duration(answers.median)}, 99 of 100 within ${duration(answers.p99)}. The slowest ${each} began at ${at(slowest.at)}: 99 of 100 answers came within ${duration(slowest.answers.p99)}.`
      : undefined;
  return html`<section aria-labelledby="course">
<h2 id="course">How it went</h2>
<figure>
<h3>Calls per minute</h3>
<figcaption>${callsText} Times are in the ${timezone} time zone.</figcaption>
<div class="plot" id="calls-plot" role="img" aria-label="Plot of accepted, failed and unknown calls per minute. ${callsText}"></div>
</figure>
${
  answersText
    ? html`<figure>
<h3>Answer times</h3>
<figcaption>${answersText}</figcaption>
<div class="plot" id="answers-plot" role="img" aria-label="Plot of Enswitch's answer times. ${answersText}"></div>
</figure>`
    : ""
}
<noscript><p class="lead">The plots need JavaScript; report.csv has the time and outcome of the last call for each row.</p></noscript>
<script type="application/json" id="plot-data">${jsonFor(plotData(points, minutesPerPoint, rate, timezone))}</script>
</section>`;
}

const calls = ({ accepted, failed, unknown }: TimelinePoint) => accepted + failed + unknown;

/** Minutes without calls become zeros, with one more at either end, so that a pause looks like a pause and a single minute is visible. */
function plotData(
  points: readonly TimelinePoint[],
  minutesPerPoint: number,
  rate: number | undefined,
  timezone: string,
): PlotData {
  const step = minutesPerPoint * 60_000;
  const first = (points[0]?.at ?? 0) - step;
  const last = (points.at(-1)?.at ?? 0) + step;
  const known = new Map(points.map((point) => [point.at, point]));
  const slots = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, index) => first + index * step);
  const perMinute = (of: "accepted" | "failed" | "unknown") =>
    slots.map((at) => Math.round(((known.get(at)?.[of] ?? 0) / minutesPerPoint) * 100) / 100);
  const answer = (of: "median" | "p95" | "p99") => slots.map((at) => known.get(at)?.answers?.[of] ?? null);
  return {
    at: slots.map((at) => at / 1000),
    accepted: perMinute("accepted"),
    failed: perMinute("failed"),
    unknown: perMinute("unknown"),
    rate: rate === undefined ? undefined : rate * 60,
    median: answer("median"),
    p95: answer("p95"),
    p99: answer("p99"),
    timezone,
  };
}

const clock = (timezone: string) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (at: number) => format.format(new Date(at));
};
