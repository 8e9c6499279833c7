import { expect, test, vi } from "vitest";
import type { Invocation } from "../../../infra/local/functions/environment.ts";
import { failedMessages, startEventSource } from "../../../infra/local/functions/event-sources.ts";
import { startSqs } from "../../../infra/local/services/sqs.ts";

test.each([
  [undefined, []],
  [null, []],
  ["", []],
  [{}, []],
  [{ batchItemFailures: null }, []],
  [{ batchItemFailures: [] }, []],
  [{ batchItemFailures: [{ itemIdentifier: "b" }] }, ["b"]],
  [{ batchItemFailures: [{ itemIdentifier: "" }] }, ["a", "b"]],
  [{ batchItemFailures: [{ itemIdentifier: "c" }] }, ["a", "b"]],
  [{ batchItemFailures: [{ itemidentifier: "a" }] }, ["a", "b"]],
  [{ batchItemFailures: "a" }, ["a", "b"]],
  ["done", ["a", "b"]],
])("an answer of %j means that %j failed", (answer, failed) => {
  expect([...failedMessages(answer, ["a", "b"])]).toEqual(failed);
});

const queue = {
  logicalId: "Work",
  name: "work",
  arn: "arn:aws:sqs:us-east-1:000000000000:work",
  url: "http://127.0.0.1/000000000000/work",
  attributes: { VisibilityTimeout: "30" },
};
const source = {
  logicalId: "Source",
  functionName: "worker",
  queueArn: queue.arn,
  batchSize: 10,
  batchingWindowMs: 0,
  maximumConcurrency: 2,
  reportsBatchItemFailures: true,
};

test("with a batching window it gathers more than one receive brings, up to the batch size, and waits for nothing", async () => {
  const sqs = await startSqs([queue]);
  for (let n = 0; n < 28; n += 1) await sqs.send(queue.url, String(n));
  const sizes: number[] = [];
  const waits: number[] = [];
  const reading = startEventSource({
    source: { ...source, batchSize: 15, batchingWindowMs: 600_000 },
    queue,
    sqs: {
      ...sqs,
      receive: (url, maximum, waitSeconds) => {
        waits.push(waitSeconds);
        return sqs.receive(url, maximum, waitSeconds);
      },
    },
    invoke: async (event): Promise<Invocation> => {
      sizes.push(JSON.stringify(event).split('"messageId"').length - 1);
      return { kind: "returned", value: null };
    },
    onLog: () => {},
  });
  await vi.waitFor(() => expect(sizes).toEqual([15, 13]), { timeout: 120_000 });
  // Only for the first message of an invocation.
  expect(waits.slice(0, 5)).toEqual([20, 0, 20, 0, 0]);
  await reading.stop();
  await sqs.close();
});

test("a receive that fails is tried again", async () => {
  const sqs = await startSqs([queue]);
  await sqs.send(queue.url, "hello");
  const log: string[] = [];
  const handled: unknown[] = [];
  let failures = 1;
  const reading = startEventSource({
    source,
    queue,
    sqs: {
      ...sqs,
      receive: async (...request) => {
        if (failures-- > 0) throw new Error("The queue is away.");
        return sqs.receive(...request);
      },
    },
    invoke: async (event): Promise<Invocation> => {
      handled.push(event);
      return { kind: "returned", value: null };
    },
    onLog: (line) => log.push(line),
  });
  await vi.waitFor(() => expect(handled).toHaveLength(1), { timeout: 120_000 });
  expect(log).toEqual([expect.stringContaining("The queue is away.")]);
  await reading.stop();
  await sqs.close();
});

test("what is received after the stop is not handled, and the stop does not wait for the next message", async () => {
  const sqs = await startSqs([queue]);
  const invoke = vi.fn(async (): Promise<Invocation> => ({ kind: "returned", value: null }));
  const reading = startEventSource({ source, queue, sqs, invoke, onLog: () => {} });
  await sqs.send(queue.url, "1");
  await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(1));
  await reading.stop();
  await sqs.send(queue.url, "2");
  await sqs.close();
  expect(invoke).toHaveBeenCalledTimes(1);
});
