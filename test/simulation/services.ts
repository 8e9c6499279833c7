import { createSimBucket, type SimBucket } from "./bucket.ts";
import { createSimEventBus, type SimEventBus } from "./event-bus.ts";
import type { Role } from "./mistake.ts";
import { createSimQueue, type SimQueue } from "./queue.ts";
import { randomFor } from "./random.ts";
import type { Room } from "./room.ts";
import { minute, type RunContext } from "./run-context.ts";
import { createSimTable, type SimTable } from "./table.ts";
import type { Witness } from "./witness.ts";

/** Longest run of splitter and reporter, seconds. */
export const longestRunSeconds = 900;

/** The cloud's storage and queues. */
export interface Services {
  readonly table: SimTable;
  readonly bucket: SimBucket;
  readonly eventBus: SimEventBus;
  readonly queues: { readonly uploads: SimQueue; readonly batches: SimQueue; readonly nudges: SimQueue };
}

/** Empty storage and queues. `changed` is called when the queue of a function may have something for it. */
export function createServices(
  context: RunContext,
  witness: Witness,
  room: Pick<Room, "isFull">,
  changed: (role: Role) => void,
): Services {
  const { seed, scenario, time, rates, faultsUntil, note } = context;
  const queueOf = (name: string, role: Role, of: { delay: number; visibility: number; receives: number }): SimQueue =>
    createSimQueue({
      name,
      time,
      random: randomFor(seed, `queue ${name}`),
      faults: {
        until: faultsUntil,
        longestDelayMs: 10 * minute,
        ...scenario.queue,
        away: role === "reporter" ? deafSpan(scenario) : undefined,
      },
      delaySeconds: of.delay,
      visibilitySeconds: of.visibility,
      maxReceives: of.receives,
      observe: (body) => {
        witness.text(`A message in ${name}`, body);
        if (role === "sender") witness.queued(body);
      },
      changed: () => changed(role),
    });
  const patient = longestRunSeconds + 10;
  return {
    table: createSimTable({
      time,
      random: randomFor(seed, "table"),
      isFull: room.isFull,
      observe: witness.applied,
    }),
    bucket: createSimBucket({
      time,
      observe: ({ key, text, by }) => {
        note(`${by} stores ${key} (${text.length})`);
        witness.text(key, text);
      },
    }),
    eventBus: createSimEventBus((event) => {
      witness.published(event);
      witness.text("An event", JSON.stringify(event));
    }),
    queues: {
      uploads: queueOf("uploads", "splitter", {
        delay: 0,
        visibility: patient,
        receives: 8,
      }),
      batches: queueOf("batches", "sender", { delay: 0, visibility: rates.visibilitySeconds, receives: 1000 }),
      nudges: queueOf("nudges", "reporter", { delay: 0, visibility: patient, receives: 5 }),
    },
  };
}

/** When the reporter is told nothing, epoch ms. */
const deafSpan = ({ start, deaf }: RunContext["scenario"]) =>
  deaf && { from: start + deaf.afterMs, until: start + deaf.afterMs + deaf.lastsMs };
