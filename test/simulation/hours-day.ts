import { documentPage } from "../../shared/report/page/document-page.ts";
import { html } from "../../shared/report/page/html.ts";
import { pageScript } from "../../shared/report/page/page-assets.ts";
import { type PlotPoint, pathOf, plot } from "../../shared/report/page/plot.ts";
import { zoneOf } from "./lists.ts";
import { scenarioOf } from "./scenario.ts";
import { simulate } from "./simulate.ts";

/*
 * One list over three zones on one virtual day, and the plot of what went when, as HTML:
 *
 *   npx node test/simulation/hours-day.ts > day.html
 */

const zones = ["Asia/Kolkata", "Europe/London", "America/New_York"] as const;
const tones = ["submitted", "unknown", "failed"] as const;
const fills = ["#1b6ca8", "#946200", "#b93815"] as const;
const hour = 3_600_000;

/** A call: when (epoch ms), and to whom. */
interface DayCall {
  readonly at: number;
  readonly zone: string;
}

/** What came of the day. */
export interface Day {
  /** Epoch ms. */
  readonly start: number;
  readonly failures: readonly string[];
  readonly calls: readonly DayCall[];
}

/** Sends a list of `rows` rows from two o'clock UTC on, by the recipients' clocks, on the day on which New York's clocks change. */
export async function runHoursDay(rows: number): Promise<Day> {
  const start = Date.UTC(2026, 2, 8, 2);
  const calm = [...Array(100).keys()].find((seed) => scenarioOf(seed).calm) ?? 0;
  const scenario = {
    ...scenarioOf(calm),
    start,
    ceiling: 1,
    campaigns: [
      {
        name: "spring",
        rows,
        content: "list" as const,
        options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } },
        uploadedAfterMs: 0,
        zones,
      },
    ],
  };
  const run = await simulate(calm, { scenario });
  const calls = run.trace.flatMap((line): DayCall[] => {
    const [, since, row] = /^ *(\d+) \S+ calls spring row (\d+) /.exec(line) ?? [];
    return since === undefined ? [] : [{ at: start + Number(since), zone: zoneOf(zones, Number(row)) }];
  });
  return { start, failures: run.failures.map(({ message }) => message), calls };
}

/** What went when, zone by zone: the share of each zone's calls that had been made. */
export function hoursDayPlot({ start, calls }: Day): string {
  const [from, to] = [start, start + 24 * hour];
  const curves = zones.map((zone, index) => {
    const own = calls.filter((call) => call.zone === zone);
    const points = own.flatMap(({ at }, before): PlotPoint[] => [
      [at, before / own.length],
      [at, (before + 1) / own.length],
    ]);
    const path = pathOf([[from, 0], ...points, [to, 1]], from, to);
    return html`<path fill="none" stroke="${fills[index] ?? ""}" stroke-width="2" vector-effect="non-scaling-stroke" d="${path}"/>`;
  });
  const label = `The share of calls made to each of ${zones.join(", ")}, on one day from two o'clock UTC on`;
  const ticks = [0, 0.5, 1].map((at) => ({ at, label: `${100 * at} %` }));
  const legend = zones.map((name, index) => ({ tone: tones[index] ?? "", name, line: true as const }));
  const picture = plot({ from, to, ticks, curves, legend, marks: [], label });
  const body = html`<h1>Three zones on one day</h1><p>${label}.</p>${picture}`;
  return documentPage({ title: "Three zones on one day", script: pageScript, body });
}

if (import.meta.main) {
  const day = await runHoursDay(90);
  for (const failure of day.failures) console.error(failure);
  console.log(hoursDayPlot(day));
}
