import { gapsOf, type Interruption } from "../interruptions.ts";
import type { Summary } from "../summary.ts";
import type { Timeline, TimelinePoint } from "../timeline.ts";
import { type Html, html } from "./html.ts";
import { type PlotPoint, pathOf, plot, roundTicks } from "./plot.ts";

/** Calls per second from one instant to another (epoch milliseconds). */
interface CallsStep {
  from: number;
  to: number;
  accepted: number;
  failed: number;
  unknown: number;
}

/** The calls per second by outcome, stacked, with the rate set. `label` says in words what it shows. */
export function callsPlot(summary: Summary, timeline: Timeline, marks: readonly Interruption[], label: string): Html {
  const runs = runsOf(timeline, summary.rate.set);
  const from = runs[0]?.[0]?.from ?? 0;
  const to = runs.at(-1)?.at(-1)?.to ?? from;
  const rates = ratesOf(summary, from, to);
  const busiest = Math.max(
    ...runs.flat().map((step) => perSecond(step, total(step))),
    ...rates.map(({ rate }) => rate),
  );
  const { values, top } = roundTicks(busiest);
  const area = (of: (step: CallsStep) => number, tone: string, fill: string) =>
    html`<path class="area ${tone}" fill="${fill}" d="${runs.map((run) => outline(run, (step) => perSecond(step, of(step)) / top, from, to)).join("")}"/>`;
  const some = (of: "failed" | "unknown") => runs.some((run) => run.some((step) => step[of] > 0));
  const rateLine = rates.map((each) =>
    pathOf(
      [
        [each.from, each.rate / top],
        [each.to, each.rate / top],
      ],
      from,
      to,
    ),
  );
  return plot({
    from,
    to,
    ticks: values.map((value) => ({
      at: value / top,
      label: value.toLocaleString("en-GB", { maximumFractionDigits: 2 }),
    })),
    curves: [
      // The larger sums first: what lies before them covers them.
      ...(some("failed") ? [area(total, "failed", "#b93815")] : []),
      ...(some("unknown") ? [area((step) => step.accepted + step.unknown, "unknown", "#946200")] : []),
      area((step) => step.accepted, "submitted", "#1b6ca8"),
      ...(rates.length > 0
        ? [
            html`<path class="line limit" fill="none" stroke="#1c2127" vector-effect="non-scaling-stroke" d="${rateLine.join("")}"/>`,
          ]
        : []),
    ],
    legend: [
      { tone: "submitted", name: "Accepted" },
      ...(some("unknown") ? [{ tone: "unknown", name: "In doubt" }] : []),
      ...(some("failed") ? [{ tone: "failed", name: "Failed" }] : []),
      ...(rates.length > 0 ? [{ tone: "limit", name: "Rate set", line: true as const }] : []),
    ],
    marks,
    label,
  });
}

const total = ({ accepted, failed, unknown }: Pick<CallsStep, "accepted" | "failed" | "unknown">) =>
  accepted + failed + unknown;

const perSecond = ({ from, to }: CallsStep, calls: number) => (calls * 1000) / (to - from);

/** The outline of the steps, down to the bottom at both ends. */
function outline(run: readonly CallsStep[], high: (step: CallsStep) => number, from: number, to: number): string {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) return "";
  const points = run.flatMap((step): readonly PlotPoint[] => [
    [step.from, high(step)],
    [step.to, high(step)],
  ]);
  return `${pathOf([[first.from, 0], ...points, [last.to, 0]], from, to)}Z`;
}

/** Fewer calls than this in a step would show as noise. */
const callsPerStep = 60;
const fewestSteps = 12;

/** The steps between one gap and the next. Each begins with its first call and ends with its last, so none looks slower than it was. */
function runsOf(timeline: Timeline, rate: number | undefined): readonly (readonly CallsStep[])[] {
  const { points, secondsPerPoint } = timeline;
  const gaps = gapsOf(timeline, rate);
  const ends = gaps.map(({ from }) => from);
  const length = stepLength(
    points,
    secondsPerPoint,
    gaps.reduce((sum, { from, to }) => sum + to - from, 0),
  );
  const runs: TimelinePoint[][] = [[]];
  for (const point of points) {
    runs.at(-1)?.push(point);
    if (ends.includes(point.last)) runs.push([]);
  }
  return runs.filter((run) => run.length > 0).map((run) => stepsOf(run, length * 1000));
}

/** Seconds in a step: long enough for some calls, short enough for some steps. `quietMs`: all gaps together. */
function stepLength(points: readonly TimelinePoint[], secondsPerPoint: number, quietMs: number): number {
  const lasted = (points.at(-1)?.last ?? 0) - (points[0]?.first ?? 0);
  const active = Math.max(1, (lasted - quietMs) / 1000);
  const calls = points.reduce((sum, point) => sum + total(point), 0);
  const wanted = Math.min((callsPerStep * active) / Math.max(1, calls), active / fewestSteps);
  return secondsPerPoint * Math.max(1, Math.round(wanted / secondsPerPoint));
}

/** The run's steps, from its first call to its last; one that is cut short at either end is joined to the next. */
function stepsOf(run: readonly TimelinePoint[], length: number): readonly CallsStep[] {
  const start = run[0]?.at ?? 0;
  const begin = run[0]?.first ?? 0;
  const end = endOf(run, begin);
  const steps = Array.from({ length: Math.floor((end - start) / length) + 1 }, (_, index): CallsStep => {
    const from = Math.max(begin, start + index * length);
    return {
      from,
      to: Math.max(from, Math.min(end, start + (index + 1) * length)),
      accepted: 0,
      failed: 0,
      unknown: 0,
    };
  });
  for (const point of run) {
    const step = steps[Math.floor((point.at - start) / length)];
    if (step !== undefined) add(step, point);
  }
  joinIfShort(steps, 0, 1, length);
  joinIfShort(steps, steps.length - 1, steps.length - 2, length);
  const only = steps[0];
  // A single call, such as a probe, took no time: it is shown over a step's whole length.
  if (steps.length === 1 && only !== undefined && only.to - only.from < length / 2) only.to = only.from + length;
  return steps;
}

/** When the next call would have been fired: so many calls took that long. */
function endOf(run: readonly TimelinePoint[], begin: number): number {
  const last = run.at(-1)?.last ?? begin;
  const calls = run.reduce((sum, point) => sum + total(point), 0);
  return calls > 1 ? Math.max(begin + 1, last + (last - begin) / (calls - 1)) : begin + 1;
}

function joinIfShort(steps: CallsStep[], index: number, into: number, length: number): void {
  const step = steps[index];
  const other = steps[into];
  if (step === undefined || other === undefined || step.to - step.from >= length / 2) return;
  add(other, step);
  other.from = Math.min(other.from, step.from);
  other.to = Math.max(other.to, step.to);
  steps.splice(index, 1);
}

function add(step: CallsStep, more: Pick<CallsStep, "accepted" | "failed" | "unknown">): void {
  step.accepted += more.accepted;
  step.failed += more.failed;
  step.unknown += more.unknown;
}

interface RateSet {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** The rate set over time, as far as it is known: before the first change it is not. */
function ratesOf({ history, rate }: Summary, from: number, to: number): readonly RateSet[] {
  const changes = history.flatMap(({ what, at, rate: changed }) =>
    what === "changed the rate" && changed !== undefined ? [{ at: Date.parse(at), rate: changed }] : [],
  );
  if (changes.length === 0) return rate.set === undefined ? [] : [{ from, to, rate: rate.set }];
  return changes
    .map((change, index) => ({
      from: Math.max(from, change.at),
      to: Math.min(to, changes[index + 1]?.at ?? to),
      rate: change.rate,
    }))
    .filter((each) => each.from < each.to);
}
