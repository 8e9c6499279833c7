import { duration } from "../../in-words.ts";
import { gapsOf, type Interruption } from "../interruptions.ts";
import type { Timeline, TimelinePoint } from "../timeline.ts";
import { type Html, html } from "./html.ts";
import { pathOf, plot } from "./plot.ts";

const lines = [
  { of: "median", tone: "submitted", colour: "#1b6ca8", name: "Half of the answers within" },
  { of: "p95", tone: "unknown", colour: "#946200", name: "95 of 100 within" },
  { of: "p99", tone: "failed", colour: "#b93815", name: "99 of 100 within" },
] as const;

/** How long Enswitch took to answer, over time. `label` says in words what it shows. */
export function answersPlot(
  timeline: Timeline,
  rate: number | undefined,
  marks: readonly Interruption[],
  label: string,
): Html {
  const answered = timeline.points.filter(({ answers }) => answers !== undefined);
  const from = timeline.points[0]?.first ?? 0;
  const to = timeline.points.at(-1)?.last ?? from;
  // A time-out takes hundreds of times as long as an answer: only a logarithmic scale shows both.
  const low = Math.floor(Math.log10(Math.max(1, Math.min(...answered.map(({ answers }) => answers?.median ?? 1)))));
  const high = Math.max(
    low + 1,
    Math.ceil(Math.log10(Math.max(1, ...answered.map(({ answers }) => answers?.p99 ?? 1)))),
  );
  const height = (ms: number) => (Math.log10(Math.max(1, ms)) - low) / (high - low);
  const ends = gapsOf(timeline, rate).map((gap) => gap.from);
  const runs: TimelinePoint[][] = [[]];
  for (const point of answered) {
    runs.at(-1)?.push(point);
    if (ends.includes(point.last)) runs.push([]);
  }
  return plot({
    from,
    to,
    ticks: Array.from({ length: high - low + 1 }, (_, index) => ({
      at: index / (high - low),
      label: duration(10 ** (low + index)),
    })),
    curves: lines.map(
      ({ of, tone, colour }) =>
        html`<path class="line ${tone}" fill="none" stroke="${colour}" vector-effect="non-scaling-stroke" d="${runs
          .map((run) =>
            pathOf(
              run.flatMap((point) => {
                const high = height(point.answers?.[of] ?? 1);
                return [
                  [point.first, high],
                  [point.last, high],
                ] as const;
              }),
              from,
              to,
            ),
          )
          .join("")}"/>`,
    ),
    legend: lines.map(({ tone, name }) => ({ tone, name, line: true })),
    marks,
    label,
  });
}
