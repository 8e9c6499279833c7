import type { SQSEvent, SQSRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { createEachMessage, type HandleMessage } from "../../shared/aws/each-message.ts";

const record = (messageId: string, body = messageId): SQSRecord => ({
  messageId,
  receiptHandle: `receipt-${messageId}`,
  body,
  attributes: {
    ApproximateReceiveCount: "3",
    SentTimestamp: "1790000000000",
    SenderId: "s",
    ApproximateFirstReceiveTimestamp: "1790000000500",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn",
  awsRegion: "eu-west-1",
});
const event = (...records: SQSRecord[]): SQSEvent => ({ Records: records });
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

function setUp(changeVisibility?: () => Promise<void>) {
  const visibility: [string, number][] = [];
  const logged: unknown[][] = [];
  let ended = 0;
  const eachMessage = createEachMessage({
    changeVisibility:
      changeVisibility ??
      (async (receipt, seconds) => {
        visibility.push([receipt, seconds]);
      }),
    clock: { now: () => 1_000_000 },
    log: { info: () => {}, warn: () => {}, error: (...line) => void logged.push(line) },
    atEnd: () => {
      ended++;
    },
  });
  const run = (messages: SQSEvent, handle: HandleMessage) =>
    eachMessage(messages, { getRemainingTimeInMillis: () => 30_000 }, handle);
  return { run, visibility, logged, ended: () => ended };
}

describe("each message", () => {
  test("reaches the handler with its facts and the function's deadline", async () => {
    const seen: unknown[] = [];
    const { run } = setUp();
    await run(event(record("a", '{"n":1}')), async (message, deadline) => {
      seen.push(message, deadline);
      return { kind: "done" };
    });
    expect(seen).toEqual([{ body: '{"n":1}', receiveCount: 3 }, 1_030_000]);
  });

  test("that is done is no failure", async () => {
    const { run, ended } = setUp();
    expect(await run(event(record("a"), record("b")), async () => ({ kind: "done" }))).toEqual(failures());
    expect(ended()).toBe(1);
  });

  test("is begun in order, beside the others", async () => {
    const { run } = setUp();
    const begun: string[] = [];
    const all = Promise.withResolvers<void>();
    await run(event(record("a"), record("b"), record("c")), async ({ body }) => {
      begun.push(body);
      if (begun.length === 3) all.resolve();
      await all.promise;
      return { kind: "done" };
    });
    expect(begun).toEqual(["a", "b", "c"]);
  });

  test("that failed is a failure alone, logged without its body", async () => {
    const { run, logged } = setUp();
    const thrown = new Error("broken");
    const result = await run(event(record("a"), record("b", "secret"), record("c")), async ({ body }) => {
      if (body === "secret") throw thrown;
      return { kind: "done" };
    });
    expect(result).toEqual(failures("b"));
    expect(logged).toEqual([[expect.any(String), thrown, { messageId: "b", receiveCount: 3 }]]);
    expect(JSON.stringify(logged)).not.toContain("secret");
  });

  test("whose handler throws before it returns a promise is a failure too", async () => {
    const { run } = setUp();
    const handle: HandleMessage = () => {
      throw new Error("at once");
    };
    expect(await run(event(record("a"), record("b")), handle)).toEqual(failures("a", "b"));
  });

  test.each([
    [0, 0],
    [1, 1],
    [1_000, 1],
    [1_001, 2],
    [60_000, 60],
  ])("given back for %d ms comes back after %d s", async (afterMs, seconds) => {
    const { run, visibility } = setUp();
    const result = await run(event(record("a"), record("b")), async ({ body }) =>
      body === "a" ? { kind: "give-back", afterMs } : { kind: "done" },
    );
    expect(result).toEqual(failures("a"));
    expect(visibility).toEqual([["receipt-a", seconds]]);
  });

  test("stays a failure when its visibility cannot be changed", async () => {
    const { run, logged, ended } = setUp(() => Promise.reject(new Error("receipt is gone")));
    expect(await run(event(record("a")), async () => ({ kind: "give-back", afterMs: 5 }))).toEqual(failures("a"));
    expect(logged).toHaveLength(1);
    expect(ended()).toBe(1);
  });

  test("of an empty event is none", async () => {
    const { run } = setUp();
    expect(await run(event(), async () => ({ kind: "done" }))).toEqual(failures());
  });
});
