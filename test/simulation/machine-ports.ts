import type { Bucket } from "../../shared/ports/bucket.ts";
import type { Machine } from "./machine.ts";
import type { Role } from "./mistake.ts";
import { poisonKey } from "./people.ts";
import type { PhoneSystem } from "./phone-system.ts";
import type { Ports } from "./programs.ts";
import { randomFor } from "./random.ts";
import { errorText, type RunContext } from "./run-context.ts";
import type { SimSecret } from "./secret.ts";
import { createServiceCalls, type ServiceFaults } from "./service-calls.ts";
import type { Services } from "./services.ts";
import type { Witness } from "./witness.ts";

/** How late a request may reach its service after its sender gave it up, at most, ms. */
export const latestArrivalMs = 90_000;

/** Gives a machine its ports. */
export type PortsOf = (machine: Machine, role: Role | "person") => Ports;

/** Ports through which machines reach the world: with its latencies and faults, and with the planted mistake. */
export function createPortsOf(
  context: RunContext,
  world: {
    readonly services: Services;
    readonly secret: SimSecret;
    readonly phoneSystem: PhoneSystem;
    readonly witness: Witness;
  },
): PortsOf {
  const { seed, mistake, time } = context;
  const { services, secret, phoneSystem, witness } = world;
  const { table, bucket, queues, eventBus } = services;
  let tokens = 0;
  return (machine, role) => {
    const random = randomFor(seed, `ports ${machine.name}`);
    const calls = (latencyMs: number, latestMs = 8_000) =>
      createServiceCalls({ machine, time, random, faults: serviceFaults(context, latestMs), latencyMs });
    const queueCall = calls(20);
    const secretCall = calls(30);
    const ownTable = table.through(calls(12), machine.name);
    const wholeBucket = bucket.through(calls(40, latestArrivalMs), machine.name);
    const ownBucket = role === "splitter" ? withPoison(wholeBucket, machine, context) : wholeBucket;
    const ownBus = eventBus.through(calls(40, latestArrivalMs));
    const place = role === "person" ? undefined : { role, machine, ledger: table, bucket, publish: ownBus };
    return {
      machine,
      table: (place && mistake?.table?.(ownTable, place)) ?? ownTable,
      bucket: mistake?.store?.(ownBucket) ?? ownBucket,
      secret: { read: () => secretCall("secret", secret.current) },
      uploads: queues.uploads.through(queueCall),
      batches: queues.batches.through(queueCall),
      nudges: queues.nudges.through(queueCall),
      changeVisibility: (queue) => (receipt, seconds) =>
        queueCall("change visibility", () => queues[queue].changeVisibility(receipt, seconds)),
      mail: (subject, text) => secretCall("mail", () => witness.text(subject, text)),
      publish: (place && mistake?.publish?.(ownBus, place)) ?? ownBus,
      connect: () => {
        const enswitch = phoneSystem.connect(machine, random);
        return mistake?.enswitch?.(enswitch) ?? enswitch;
      },
      listTexts: phoneSystem.replies.listTexts(machine, random),
      freshToken: () => `${(++tokens).toString(16).padStart(6, "0")}`,
      log: logOf(machine, context, witness),
    };
  };
}

/** The bucket, in which one list cannot be read: its reader runs out of memory, or never comes to an end. */
function withPoison(bucket: Bucket, machine: Machine, { scenario, note }: RunContext): Bucket {
  return {
    ...bucket,
    get: (key, version, range) => {
      if (key !== poisonKey) return bucket.get(key, version, range);
      note(`${machine.name} reads ${key}`);
      if (scenario.poison?.takes === "memory") machine.die();
      return new Promise(() => {});
    },
  };
}

/** How services treat their callers in this run. */
const serviceFaults = ({ scenario, faultsUntil }: RunContext, latestMs: number): ServiceFaults => ({
  until: faultsUntil,
  ...scenario.service,
  latestMs,
  outages: scenario.serviceOutages.map(({ afterMs, lastsMs }) => ({
    from: scenario.start + afterMs,
    until: scenario.start + afterMs + lastsMs,
  })),
});

/** A machine's log: lines of the trace, which the witness reads. */
function logOf(machine: Machine, { note }: RunContext, witness: Witness): Ports["log"] {
  const line = (level: string, message: string, more: unknown) => {
    const text = `${machine.name} ${level}: ${message} ${JSON.stringify(more)}`;
    note(text);
    witness.logged(text);
    if (/TypeError|ReferenceError|ZodError|RangeError/.test(text)) {
      witness.fail({ invariant: "program failed", message: text });
    }
  };
  return {
    info: (message, fields) => line("info", message, fields),
    warn: (message, fields) => line("warn", message, fields),
    error: (message, error, fields) => line("error", message, { error: errorText(error), ...fields }),
  };
}
