import { type Rates, ratesFor } from "../../infra/rates.ts";
import type { Mistake } from "./mistake.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** What everything in one run shares. */
export interface RunContext {
  readonly seed: number;
  readonly scenario: Scenario;
  /** The mistake planted into the programs, if any. */
  readonly mistake: Mistake | undefined;
  readonly time: VirtualTime;
  readonly rates: Rates;
  /** Until when things go wrong by themselves, epoch ms. */
  readonly faultsUntil: number;
  /** The campaigns' names, in the scenario's order. */
  readonly names: readonly string[];
  /** Every line noted so far. */
  readonly trace: readonly string[];
  /** Adds a line to the trace, with the time since the start. */
  readonly note: (what: string) => void;
}

/** Milliseconds. */
export const minute = 60_000;

/** Milliseconds. */
export const hour = 60 * minute;

/** The context of a seed's run, by default of its own scenario, with which its trace begins. */
export function createRunContext(
  seed: number,
  rows: number | undefined,
  mistake: Mistake | undefined,
  scenario: Scenario = scenarioOf(seed, rows),
): RunContext {
  const time = createVirtualTime(scenario.start);
  const trace: string[] = [];
  const note = (what: string) => trace.push(`${String(time.now() - scenario.start).padStart(9)} ${what}`);
  note(`scenario ${JSON.stringify({ ...scenario, start: new Date(scenario.start).toISOString() })}`);
  return {
    seed,
    scenario,
    mistake,
    time,
    rates: ratesFor(scenario.ceiling),
    faultsUntil: scenario.start + scenario.faultsMs,
    names: scenario.campaigns.map(({ name }) => name),
    trace,
    note,
  };
}

/** An error as a line of the trace. */
export const errorText = (error: unknown): string => {
  if (error instanceof AggregateError) return `${error.message}: ${error.errors.map(errorText).join("; ")}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
};
