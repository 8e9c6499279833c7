import type uPlot from "uplot";
import { colours, drawPlot, grouped } from "./draw-plot.ts";
import type { PlotData } from "./plot-data.ts";

/** Draws how long Enswitch took to answer, minute by minute, into `place`. */
export function answersPlot(data: PlotData, place: HTMLElement): uPlot {
  const colour = colours();
  const few = data.at.length < 60;
  const line = (label: string, name: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke: colour(name),
    width: 1.5,
    dash,
    points: { show: few, size: 5 },
    value: (_, value) => (value === null || value === undefined ? "–" : `${grouped(value)} ms`),
  });
  const series = [
    line("Median", "--submitted"),
    line("95 of 100 within", "--unknown", [6, 3]),
    line("99 of 100 within", "--failed", [2, 3]),
  ];
  return drawPlot(data, place, {
    unit: "ms",
    series,
    values: [data.median, data.p95, data.p99],
    // A time-out takes hundreds of times as long as an answer: only a logarithmic scale shows both.
    scale: { distr: 3 },
    grid: { filter: (_, splits) => splits.map((split) => (isPowerOfTen(split) ? split : null)) },
  });
}

const isPowerOfTen = (value: number | null) =>
  value !== null && value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
