import { eventsContract } from "./contracts/events.ts";
import { queueContract } from "./contracts/queue.ts";
import { createRecordedEvents, createRecordedQueue } from "./recorders.ts";

eventsContract("the recorded events", () => {
  const { publish, events } = createRecordedEvents();
  return { publish, accepted: () => events };
});

queueContract("the recorded queue", () => {
  const { enqueue, calls } = createRecordedQueue();
  const received = async () =>
    calls.splice(0).flatMap(({ bodies, delaySeconds = 0 }) => (delaySeconds === 0 ? bodies : []));
  return { enqueue, received };
});
