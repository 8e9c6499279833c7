import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { toQueueText } from "../../shared/aws/queue-text.ts";
import { createQueue, createVisibility, groupsOf, queueLimits } from "../../shared/aws/sqs-queue.ts";
import { queueContract } from "../support/contracts/queue.ts";
import { startQueue, startServer } from "./emulators.ts";

let server: Awaited<ReturnType<typeof startQueue>>;
beforeAll(async () => {
  server = await startQueue();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => server.empty());

async function received(): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await server.client.send(
      new ReceiveMessageCommand({ QueueUrl: server.queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map((message) => message.Body ?? ""));
  }
}

queueContract("SQS", () => ({ enqueue: createQueue(server.client, server.queueUrl), received }));

describe("putting messages", () => {
  test("fills requests to the last byte", async () => {
    const bodies = [1, 2, 3].map((n) => JSON.stringify(`${n}`.padEnd(queueLimits.bytes - 2, "x")));
    await createQueue(server.client, server.queueUrl)(bodies);
    expect((await received()).map((body) => body.length)).toEqual([1_048_576, 1_048_576, 1_048_576]);
  });

  test("to a queue that does not exist throws", async () => {
    await expect(createQueue(server.client, `${server.queueUrl}-missing`)(['"x"'])).rejects.toThrow("does not exist");
  });
});

describe("a request that SQS takes in part", () => {
  type Entry = { Id: string; MessageBody: string };
  /** An SQS that answers each request by `fail`, which names the entries not accepted. */
  async function partial(fail: (request: number, entries: readonly Entry[]) => readonly Entry[], senderFault: boolean) {
    const requests: string[][] = [];
    const sqs = await startServer(async (request, response) => {
      const { Entries }: { Entries: Entry[] } = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
      requests.push(Entries.map(({ MessageBody }) => MessageBody));
      const failed = fail(requests.length, Entries);
      response.setHeader("content-type", "application/x-amz-json-1.0").end(
        JSON.stringify({
          Successful: Entries.filter((entry) => !failed.includes(entry)).map(({ Id }) => ({ Id, MessageId: Id })),
          Failed: failed.map(({ Id }) => ({ Id, Code: "Broken", SenderFault: senderFault })),
        }),
      );
    });
    return { requests, enqueue: createQueue(new SQSClient({ ...sqs.settings, md5: false }), sqs.endpoint), sqs };
  }

  test("is repeated for the others alone", async () => {
    const { requests, enqueue, sqs } = await partial((n, entries) => (n === 1 ? entries.slice(1, 3) : []), false);
    await using _ = sqs;
    await enqueue(['"a"', '"b"', '"c"', '"d"']);
    expect(requests).toEqual([
      ['"a"', '"b"', '"c"', '"d"'],
      ['"b"', '"c"'],
    ]);
  });

  test("again and again throws in the end, without quoting a message", async () => {
    const { requests, enqueue, sqs } = await partial((_, entries) => entries.slice(-1), false);
    await using _ = sqs;
    await expect(enqueue(['"a"', '"secret"'])).rejects.toThrow(
      /^SQS did not accept 1 of 2 messages \(Broken\)(?!.*secret)/,
    );
    expect(requests).toEqual([['"a"', '"secret"'], ['"secret"'], ['"secret"'], ['"secret"']]);
  });

  test("because of the message itself is not repeated", async () => {
    const { requests, enqueue, sqs } = await partial((_, entries) => entries, true);
    await using _ = sqs;
    await expect(enqueue(['"a"'])).rejects.toThrow("Broken");
    expect(requests).toHaveLength(1);
  });

  test("and fails keeps the groups that were not begun", async () => {
    const { requests, enqueue, sqs } = await partial((_, entries) => entries, true);
    await using _ = sqs;
    await expect(enqueue(Array.from({ length: 200 }, (_, n) => `${n}`))).rejects.toThrow("Broken");
    expect(requests.length).toBeLessThanOrEqual(4);
  });
});

describe("groups", () => {
  const text = (bytes: number) => "x".repeat(bytes);

  test("hold at most ten texts, in order", () => {
    const texts = Array.from({ length: 23 }, (_, n) => `${n}`);
    const groups = groupsOf(texts);
    expect(groups.map((group) => group.length)).toEqual([10, 10, 3]);
    expect(groups.flat()).toEqual(texts);
  });

  test("hold at most 1 MiB, counted in bytes of UTF-8", () => {
    const half = queueLimits.bytes / 2;
    expect(groupsOf([text(half), text(half)])).toHaveLength(1);
    expect(groupsOf([text(half), text(half + 1)])).toHaveLength(2);
    expect(groupsOf([text(half), "é".repeat(half / 2)])).toHaveLength(1);
    expect(groupsOf([text(half), "é".repeat(half / 2 + 1)])).toHaveLength(2);
  });

  test("are none for no texts", () => {
    expect(groupsOf([])).toEqual([]);
  });
});

test("queue text escapes exactly the two characters that JSON leaves and SQS refuses", () => {
  const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join("\u0020");
  const queueText = toQueueText(JSON.stringify(every));
  // SQS: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF
  expect(queueText).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
  expect(JSON.parse(queueText)).toBe(every);
  expect(JSON.parse(toQueueText('{"text":"ü 👋"}'))).toEqual({ text: "ü 👋" });
});

describe("visibility", () => {
  const receive = async () => {
    const { Messages = [] } = await server.client.send(new ReceiveMessageCommand({ QueueUrl: server.queueUrl }));
    return Messages[0];
  };

  test("of zero seconds brings a message back at once", async () => {
    await createQueue(server.client, server.queueUrl)(['"again"']);
    const message = await receive();
    expect(await receive()).toBeUndefined();
    await createVisibility(server.client, server.queueUrl)(message?.ReceiptHandle ?? "", 0);
    expect((await receive())?.Body).toBe('"again"');
  });

  test.each([
    [-5, 0],
    [0.2, 1],
    [1, 1],
    [43_200, 43_200],
    [1e9, 43_200],
  ])("of %d seconds asks for %d", async (seconds, asked) => {
    const bodies: unknown[] = [];
    await using sqs = await startServer(async (request, response) => {
      bodies.push(JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()));
      response.setHeader("content-type", "application/x-amz-json-1.0").end("{}");
    });
    await createVisibility(new SQSClient(sqs.settings), sqs.endpoint)("receipt", seconds);
    expect(bodies).toMatchObject([{ ReceiptHandle: "receipt", VisibilityTimeout: asked }]);
  });
});
