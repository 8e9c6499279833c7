import { createMachine } from "./machine.ts";
import { type Random, randomFor } from "./random.ts";
import { createServiceCalls, type ServiceCall } from "./service-calls.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** A simulated world in which nothing goes wrong, for the contracts of its services. */
export interface UndisturbedWorld {
  readonly time: VirtualTime;
  readonly random: Random;
  /** One machine's way to a service. */
  readonly call: ServiceCall;
  /** Runs work while virtual time passes; throws when the work waits for something that never comes. */
  within<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Rounds of the event loop without an event before work counts as stuck: streams outside the simulation take some. */
const idleRounds = 10_000;

/** A world of one machine, with virtual time. */
export function createUndisturbedWorld(): UndisturbedWorld {
  const time = createVirtualTime(Date.UTC(2026, 2, 2, 9));
  const random = randomFor(1, "contract");
  const machine = createMachine({ name: "machine", time, random, chaos: undefined, skewMs: 0, trace: () => {} });
  const faults = { until: 0, failed: 0, lost: 0, late: 0, latestMs: 0, outages: [] };
  return {
    time,
    random,
    call: createServiceCalls({ machine, time, random, faults, latencyMs: 20 }),
    within: async (work) => {
      let over = false;
      const working = work().finally(() => {
        over = true;
      });
      working.catch(() => {});
      let events = -1;
      for (let idle = 0; !over && idle < idleRounds; idle++) {
        await time.run(() => over, Number.POSITIVE_INFINITY);
        if (time.events() !== events) idle = 0;
        events = time.events();
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!over) throw new Error("The work waits for something that never comes.");
      return working;
    },
  };
}
