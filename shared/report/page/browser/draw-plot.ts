import uPlot from "uplot";
import type { PlotData } from "./plot-data.ts";

/** Height of a plot in CSS pixels. */
export const plotHeight = 240;

/** What one plot shows besides the time axis. */
interface PlotContent {
  /** What the vertical axis counts. */
  readonly unit: string;
  readonly series: readonly uPlot.Series[];
  /** One list of values for each series. */
  readonly values: readonly (readonly (number | null)[])[];
  /** From zero unless it is given. */
  readonly scale?: uPlot.Scale;
  readonly grid?: uPlot.Axis.Grid;
}

/** Draws a plot over time into `place`, as wide as it is, in the page's present colours. */
export function drawPlot(data: PlotData, place: HTMLElement, content: PlotContent): uPlot {
  const { unit, series, values, scale = fromZero, grid = {} } = content;
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
    height: plotHeight,
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

const fromZero: uPlot.Scale = { range: (_, _low, high) => [0, Math.max(1, high * 1.08)] };

/** Ticks of the time axis: hours and minutes, with the day below where it changes. */
const clockTimes: uPlot.Axis.Values = [
  [86_400, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3_600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** The page's colours as they are now. */
export const colours = () => {
  const style = getComputedStyle(document.documentElement);
  return (name: string) => style.getPropertyValue(name).trim();
};

/** A value with thousands separators; one decimal below ten. */
export const grouped = (value: number) => value.toLocaleString("en-GB", { maximumFractionDigits: value < 10 ? 1 : 0 });
