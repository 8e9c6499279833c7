import type { Excuses } from "./excuses.ts";
import { createMachine, type Machine } from "./machine.ts";
import type { Role } from "./mistake.ts";
import { randomFor } from "./random.ts";
import type { RunContext } from "./run-context.ts";

/** Starts the machine of a function or of a person, which nothing befalls; `onDeath` is called when it dies. */
export type StartMachine = (name: string, role: Role | "person", onDeath?: () => void) => Machine;

/** Machines as the scenario treats them. `senderSteps` is called before every step of a sender. */
export function createMachines(context: RunContext, excuses: Excuses, senderSteps: () => void): StartMachine {
  const { seed, scenario, time, faultsUntil, note } = context;
  const skews = randomFor(seed, "skews");
  const clockSteps = scenario.clockSteps?.map(({ afterMs, byMs }) => ({ at: scenario.start + afterMs, byMs }));
  return (name, role, onDeath = () => {}) =>
    createMachine({
      name,
      time,
      random: randomFor(seed, `machine ${name}`),
      chaos: role === "person" ? undefined : { ...scenario.chaos, until: faultsUntil },
      skewMs: role === "person" ? 0 : skews.int(-scenario.skewMs, scenario.skewMs),
      clockSteps,
      trace: note,
      onDeath: () => {
        note(`${name} is dead`);
        excuses.machineDied(name);
        onDeath();
      },
      onFreeze: (until) => excuses.machineFrozen(name, until),
      onStep: role === "sender" ? senderSteps : undefined,
    });
}
