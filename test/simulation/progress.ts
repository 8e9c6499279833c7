import { eventPrefix } from "../../shared/campaign/events.ts";
import { poisonName } from "./people.ts";
import { hour, type RunContext } from "./run-context.ts";
import type { Scenario } from "./scenario.ts";
import type { SimTable } from "./table.ts";

/** Whether a run has come to its end. */
export interface Progress {
  /** To be called when a campaign may have come to its end. */
  changed(): void;
  /** Whether every campaign is over and `troubleEnds` has passed. Cheap while nothing has changed. */
  isOver(): boolean;
  /** Whether every campaign is over. */
  isSettled(): boolean;
  /** Whether every campaign is over, or was at some time after `troubleEnds`. */
  isCompleted(): boolean;
}

/** The progress of a run's campaigns. `deleted` holds those (by index) whose CSV somebody deleted. */
export function createProgress(
  { time, names, scenario }: RunContext,
  table: SimTable,
  troubleEnds: number,
  deleted: ReadonlySet<number>,
): Progress {
  let dirty = true;
  let completed = false;
  const isDone = (name: string, index: number): boolean => {
    const item = table.peek({ pk: "campaigns", sk: name });
    if (item === undefined) return deleted.has(index);
    // A refusal may be the last thing to happen, and is announced by the next look.
    const isAnnounced = !Object.keys(item).some((name) => name.startsWith(eventPrefix));
    return item["state"] === "refused" ? isAnnounced : item["state"] === "complete" && item["cleaned"] === true;
  };
  const isRefused = () =>
    scenario.poison === undefined || table.peek({ pk: "campaigns", sk: poisonName })?.["state"] === "refused";
  const isSettled = () => names.every(isDone) && isRefused();
  return {
    changed: () => {
      dirty = true;
    },
    isOver: () => {
      if (time.now() < troubleEnds || !dirty) return false;
      dirty = false;
      completed = isSettled();
      return completed;
    },
    isSettled,
    isCompleted: () => completed || isSettled(),
  };
}

/** Until when (epoch ms) a run may last that is not stuck. */
export function latestEnd({ campaigns, deeds, ceiling, dayLimit }: Scenario, troubleEnds: number): number {
  const rates = deeds.map(({ deed }) =>
    deed.kind === "rate" ? deed.rate : deed.kind === "deploy" ? Math.min(deed.ceiling, ceiling) : ceiling,
  );
  const slowest = Math.min(...rates, ceiling);
  const rowCount = campaigns.reduce((sum, { rows }) => sum + rows + 1, 0);
  // A window of minutes a day, a slow rate and ticks that come late take days, one piece of the campaign in each.
  const windowMs = campaigns.some(({ options }) => options?.window !== undefined) ? 12 * 25 * hour : 0;
  // Calls that fail, and slots that are never used, count as well.
  const limitMs = dayLimit === undefined ? 0 : 12 * 25 * hour;
  return troubleEnds + 2.5 * hour + windowMs + limitMs + (4 * rowCount * 1000) / slowest;
}
