import type { Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { Table } from "../../shared/ports/table.ts";
import type { Machine } from "../simulation/machine.ts";
import type { VirtualTime } from "../simulation/virtual-time.ts";

/** What things cost in milliseconds of a whole processor, as the benchmark of a function's share finds them, or more. */
export const processorCosts = { call: 1.2, connection: 1, ledger: 2 } as const;

const periodMs = 20;

/** The processor of a simulated machine: one thing after another, and in each period only the machine's share of it. */
export interface Processor {
  /** Resolves when so many milliseconds of a whole processor have been worked off. */
  take(ms: number): Promise<void>;
  /** Connections opened by `charging` clients. */
  readonly connections: number;
  /** Milliseconds of a whole processor taken. */
  readonly used: number;
  /** A client whose calls and connections take processor time. */
  charging(enswitch: Enswitch): Enswitch;
  /** A ledger whose requests take processor time. */
  chargingTable(table: Table): Table;
}

/** A processor's share (1 is a whole one), dealt out in periods of 20 ms as Lambda's is. */
export function createProcessor(machine: Machine, time: VirtualTime, share: number): Processor {
  const quota = periodMs * Math.min(1, share);
  let period = 0;
  let leftInPeriod = quota;
  let freeAt = 0;
  let connections = 0;
  let used = 0;

  const finishOf = (cost: number): number => {
    let now = Math.max(time.now(), freeAt);
    for (let left = cost; ; ) {
      const current = Math.floor(now / periodMs);
      if (current !== period) {
        period = current;
        leftInPeriod = quota;
      }
      const run = Math.min(left, leftInPeriod);
      leftInPeriod -= run;
      left -= run;
      now += run;
      if (left <= 0) return now;
      now = Math.max(now, (current + 1) * periodMs);
    }
  };

  const take = (ms: number): Promise<void> => {
    used += ms;
    freeAt = finishOf(ms);
    return new Promise((resolve) => machine.step(Math.ceil(freeAt), () => resolve()));
  };

  const charged = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
    await take(ms / 2);
    const result = await work();
    await take(ms / 2);
    return result;
  };

  return {
    take,
    get connections() {
      return connections;
    },
    get used() {
      return used;
    },
    charging: (enswitch) => {
      let open = 0;
      const openUpTo = (count: number) => {
        const fresh = Math.max(0, count - open);
        open += fresh;
        connections += fresh;
        return fresh * processorCosts.connection;
      };
      return {
        ...enswitch,
        warm: (count) => {
          const cost = openUpTo(enswitch.inFlight() + count);
          if (cost > 0) void take(cost);
          enswitch.warm(count);
        },
        fire: (call, gate) =>
          charged(processorCosts.call + openUpTo(enswitch.inFlight() + 1), () => enswitch.fire(call, gate)),
        [Symbol.asyncDispose]: () => enswitch[Symbol.asyncDispose](),
      };
    },
    chargingTable: (table) => ({
      ...table,
      get: (...asked) => charged(processorCosts.ledger, () => table.get(...asked)),
      update: (...asked) => charged(processorCosts.ledger, () => table.update(...asked)),
    }),
  };
}
