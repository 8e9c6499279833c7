import uPlot from "uplot";
import type { PlotData } from "./plot-data.ts";

const height = 240;

/** Draws both plots, and again when the colours change: by day, by night and on paper. */
export function drawPlots(data: PlotData): void {
  const places = [
    { place: document.getElementById("calls-plot"), plot: callsPlot },
    { place: document.getElementById("answers-plot"), plot: answersPlot },
  ].flatMap(({ place, plot }) => (place ? [{ place, plot, drawn: plot(data, place) }] : []));

  const redraw = () => {
    for (const each of places) {
      each.drawn.destroy();
      each.drawn = each.plot(data, each.place);
    }
  };
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);

  const fit = new ResizeObserver(() => {
    for (const { place, drawn } of places) {
      if (place.clientWidth > 0 && place.clientWidth !== drawn.width) {
        drawn.setSize({ width: place.clientWidth, height });
      }
    }
  });
  for (const { place } of places) fit.observe(place);
}

function callsPlot(data: PlotData, place: HTMLElement): uPlot {
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
  return plot(data, place, "per minute", series, values);
}

function answersPlot(data: PlotData, place: HTMLElement): uPlot {
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
  // A time-out is hundreds of times an answer: only a logarithmic scale shows both.
  return plot(
    data,
    place,
    "ms",
    series,
    [data.median, data.p95, data.p99],
    { distr: 3 },
    {
      filter: (_, splits) => splits.map((split) => (isPowerOfTen(split) ? split : null)),
    },
  );
}

function plot(
  data: PlotData,
  place: HTMLElement,
  unit: string,
  series: readonly uPlot.Series[],
  values: readonly (readonly (number | null)[])[],
  scale: uPlot.Scale = { range: (_, _low, high) => [0, Math.max(1, high * 1.08)] },
  grid: uPlot.Axis.Grid = {},
): uPlot {
  const colour = colours();
  const axis: uPlot.Axis = {
    stroke: colour("--quiet"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1, size: 4 },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
  const when = new Intl.DateTimeFormat("en-GB", {
    timeZone: data.timezone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 200),
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), data.timezone),
    padding: [12, 24, 0, 0],
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    scales: { y: scale },
    axes: [
      { ...axis, values: clockTimes },
      {
        ...axis,
        grid: { ...axis.grid, ...grid },
        size: 60,
        label: unit,
        labelSize: 20,
        labelFont: axis.font,
        values: (_, ticks) => ticks.map((tick) => (tick !== null && Number.isInteger(tick) ? grouped(tick) : "")),
      },
    ],
    series: [
      { label: "Time", value: (_, at) => (at === null || at === undefined ? "–" : when.format(at * 1000)) },
      ...series,
    ],
  };
  return new uPlot(options, [[...data.at], ...values.map((line) => [...line])], place);
}

const isPowerOfTen = (value: number | null) =>
  value !== null && value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;

/** Ticks of the time axis: hours and minutes, with the day below where it changes. */
const clockTimes: uPlot.Axis.Values = [
  [86_400, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3_600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** The page's colours as they are now. */
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  return (name: string) => style.getPropertyValue(name).trim();
};

const grouped = (value: number) => value.toLocaleString("en-GB", { maximumFractionDigits: value < 10 ? 1 : 0 });
