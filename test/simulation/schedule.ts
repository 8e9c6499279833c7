import { randomFor } from "./random.ts";
import { hour, minute, type RunContext } from "./run-context.ts";
import type { Services } from "./services.ts";

/** Starts the reporter's schedule: a tick a minute, some of which are lost. */
export function startSchedule({ seed, scenario, time, faultsUntil }: RunContext, { queues }: Services): void {
  const ticks = randomFor(seed, "ticks");
  const tick = () => {
    const faulty = time.now() < faultsUntil;
    if (!(faulty && ticks.chance(scenario.lostTicks))) queues.nudges.put(['{"kind":"tick"}']);
    // After some hours every single minute teaches nothing new.
    const sparse = time.now() - scenario.start > 4 * hour;
    time.at(time.now() + (sparse ? 433_000 : minute), tick);
  };
  time.at(scenario.start + 1_000, tick);
}
