import uPlot from "uplot";
import { colours, drawPlot, grouped } from "./draw-plot.ts";
import type { PlotData } from "./plot-data.ts";

/** Draws the calls per minute by outcome, and the rate set, into `place`. */
export function callsPlot(data: PlotData, place: HTMLElement): uPlot {
  const colour = colours();
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const line = (label: string, name: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
    label,
    stroke: colour(name),
    width: 1.5,
    paths: steps,
    points: { show: false },
    value: (_, value) => (value === null || value === undefined ? "–" : grouped(value)),
    ...more,
  });
  const { at, accepted, failed, unknown, rate } = data;
  const series = [
    line("Accepted", "--submitted", { fill: colour("--submitted-wash") }),
    line("Failed", "--failed"),
    line("Unknown", "--unknown", { dash: [6, 3] }),
    ...(rate === undefined ? [] : [line("Rate set", "--quiet", { width: 1, dash: [2, 3] })]),
  ];
  const values = [accepted, failed, unknown, ...(rate === undefined ? [] : [at.map(() => rate)])];
  return drawPlot(data, place, { unit: "per minute", series, values });
}
