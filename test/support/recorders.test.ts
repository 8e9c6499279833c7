import { queueContract } from "./contracts/queue.ts";
import { createRecordedQueue } from "./recorders.ts";

queueContract("the recorded queue", () => {
  const { enqueue, calls } = createRecordedQueue();
  const received = async () =>
    calls.splice(0).flatMap(({ bodies, delaySeconds = 0 }) => (delaySeconds === 0 ? bodies : []));
  return { enqueue, received };
});
