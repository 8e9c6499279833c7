import { buildApp } from "fauxqs";
import * as z from "zod";
import type { Service } from "../gateway/call.ts";
import { notAuthorized, parseJsonObject, sendJsonError, targetOf } from "../gateway/message-bodies.ts";
import { accountId, type QueueResource, region } from "../template/resources.ts";

const SqsMessage = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  Attributes: z.record(z.string(), z.string()).optional(),
  MessageAttributes: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** A received message, with its parts named as in SQS's API. */
export type SqsMessage = z.infer<typeof SqsMessage>;

const Received = z.object({ Messages: z.array(SqsMessage).optional() });
const Named = z.object({ QueueUrl: z.string().optional(), QueueName: z.string().optional() });

/** SQS in memory. What a restart loses the pipeline must be able to recreate, as it must on AWS. */
export interface Sqs {
  readonly service: Service;
  send(queueUrl: string, body: string): Promise<void>;
  /** Waits up to `waitSeconds` (at most 20) for the first message. */
  receive(queueUrl: string, maximum: number, waitSeconds: number): Promise<readonly SqsMessage[]>;
  delete(queueUrl: string, receiptHandles: readonly string[]): Promise<void>;
  /** Starts over with empty queues; receives that are waiting return no message. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A batch action needs the permission of its single form. */
const permissionOf: Readonly<Record<string, string>> = {
  SendMessageBatch: "SendMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
};

/** Starts SQS with the template's queues. Throws an `Error` when the emulator refuses a queue's attributes. */
export async function startSqs(queues: readonly QueueResource[]): Promise<Sqs> {
  let app = await startEmulator(queues);
  let lost = Promise.withResolvers<readonly SqsMessage[]>();

  const post = (operation: string, payload: Buffer) => postTo(app, operation, payload);
  const ask = (operation: string, input: unknown) => askOf(app, operation, input);
  const receive = async (queueUrl: string, maximum: number, waitSeconds: number) => {
    const answer = await ask("ReceiveMessage", {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: maximum,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    return Received.parse(answer).Messages ?? [];
  };

  return {
    service: createService(queues, post),
    send: async (queueUrl, body) => {
      await ask("SendMessage", { QueueUrl: queueUrl, MessageBody: body });
    },
    receive: (queueUrl, maximum, waitSeconds) => Promise.race([receive(queueUrl, maximum, waitSeconds), lost.promise]),
    delete: async (queueUrl, receiptHandles) => {
      for (let from = 0; from < receiptHandles.length; from += 10) {
        const batch = receiptHandles.slice(from, from + 10);
        await ask("DeleteMessageBatch", {
          QueueUrl: queueUrl,
          Entries: batch.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
        });
      }
    },
    restart: async () => {
      const [before, waiting] = [app, lost];
      app = await startEmulator(queues);
      lost = Promise.withResolvers();
      waiting.resolve([]);
      await before.close();
    },
    close: async () => {
      await app.close();
    },
  };
}

/** The HTTP side: checks the caller's rights and passes the request to the emulator. */
function createService(
  queues: readonly QueueResource[],
  post: (operation: string, payload: Buffer) => ReturnType<typeof postTo>,
): Service {
  return async (call) => {
    const { request, response } = call;
    const operation = targetOf(request);
    call.count(operation);
    const body = await call.body();
    if (call.caller.kind !== "operator") {
      const input = Named.parse(parseJsonObject(body));
      const name = input.QueueName ?? input.QueueUrl?.split("/").at(-1) ?? "*";
      const resource = `arn:aws:sqs:${region}:${accountId}:${name}`;
      const action = `sqs:${permissionOf[operation] ?? operation}`;
      if (!call.allows(action, resource)) {
        const message = notAuthorized(call.principal, action, resource);
        return sendJsonError(response, 403, "com.amazon.coral.service#AccessDeniedException", message, {
          "x-amzn-query-error": "AccessDenied;Sender",
        });
      }
    }
    const answer = await post(operation, body);
    const headers: Record<string, string> = { "content-type": "application/x-amz-json-1.0" };
    const queryError = answer.headers["x-amzn-query-error"];
    if (typeof queryError === "string") headers["x-amzn-query-error"] = queryError;
    let text = answer.body === "" ? "{}" : answer.body;
    // The emulator puts its own host in queue URLs; ours point to the gateway.
    if (operation === "GetQueueUrl" && answer.statusCode === 200) {
      const { QueueName } = z.object({ QueueName: z.string() }).parse(parseJsonObject(body));
      text = JSON.stringify({ QueueUrl: queues.find((queue) => queue.name === QueueName)?.url });
    }
    if (operation === "ListQueues" && answer.statusCode === 200) {
      text = JSON.stringify({ QueueUrls: queues.map((queue) => queue.url) });
    }
    response.writeHead(answer.statusCode, { ...headers, "content-length": Buffer.byteLength(text) });
    response.end(text);
  };
}

type Emulator = Awaited<ReturnType<typeof buildApp>>;

async function startEmulator(queues: readonly QueueResource[]): Promise<Emulator> {
  const app = buildApp({ logger: false });
  await app.ready();
  for (const queue of queues) await askOf(app, "CreateQueue", { QueueName: queue.name, Attributes: queue.attributes });
  return app;
}

const postTo = (app: Emulator, operation: string, payload: string | Buffer) =>
  app.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` },
    payload,
  });

async function askOf(app: Emulator, operation: string, input: unknown): Promise<unknown> {
  const answer = await postTo(app, operation, JSON.stringify(input));
  if (answer.statusCode !== 200) throw new Error(`SQS refused ${operation}: ${answer.body}`);
  return answer.body === "" ? {} : JSON.parse(answer.body);
}
