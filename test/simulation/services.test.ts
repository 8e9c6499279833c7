import type { OutgoingEvent } from "../../shared/ports/events.ts";
import { bucketContract } from "../support/contracts/bucket.ts";
import { eventsContract } from "../support/contracts/events.ts";
import { queueContract } from "../support/contracts/queue.ts";
import { tableContract } from "../support/contracts/table.ts";
import { createSimBucket } from "./bucket.ts";
import { createSimEventBus } from "./event-bus.ts";
import { createSimQueue } from "./queue.ts";
import { createSimTable } from "./table.ts";
import { createUndisturbedWorld } from "./undisturbed.ts";

tableContract("the simulation's table, in virtual time", () => {
  const { time, random, call, within } = createUndisturbedWorld();
  return { table: createSimTable({ time, random, observe: () => {} }).through(call, "machine"), within };
});

bucketContract("the simulation's bucket, in virtual time", () => {
  const { time, call, within } = createUndisturbedWorld();
  const bucket = createSimBucket({ time, observe: () => {} }).through(call, "machine");
  return { bucket, now: time.now, within };
});

queueContract("the simulation's queue, in virtual time", () => {
  const { time, random, call, within } = createUndisturbedWorld();
  const queue = createSimQueue({
    name: "queue",
    time,
    random,
    faults: { until: 0, lost: 0, duplicated: 0, delayed: 0, longestDelayMs: 0 },
    delaySeconds: 0,
    visibilitySeconds: 900,
    maxReceives: 5,
    observe: () => {},
    changed: () => {},
  });
  return { enqueue: queue.through(call), received: async () => queue.receive(100).map(({ body }) => body), within };
});

eventsContract("the simulation's event bus, in virtual time", () => {
  const { call, within } = createUndisturbedWorld();
  const events: OutgoingEvent[] = [];
  return { publish: createSimEventBus((event) => events.push(event)).through(call), accepted: () => events, within };
});
