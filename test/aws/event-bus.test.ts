import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import type { AcceptedEvent } from "../../infra/local/services/eventbridge.ts";
import { clientSettings } from "../../shared/aws/client-settings.ts";
import { createEventBus } from "../../shared/aws/event-bus.ts";
import { clientOf, startSmallCloud } from "../infra/local/small-cloud.ts";
import { eventsContract } from "../support/contracts/events.ts";
import { startServer } from "./emulators.ts";

eventsContract("EventBridge, as the embedded cloud has it,", async () => {
  const accepted: AcceptedEvent[] = [];
  const running = await startSmallCloud({}, { functions: false, onEvent: (event) => accepted.push(event) });
  const client = new EventBridgeClient({ ...clientSettings, ...clientOf(running.cloud) });
  return {
    publish: createEventBus(client),
    accepted: () => accepted.map(({ detailType: type, at, detail }) => ({ type, at, detail })),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await running[Symbol.asyncDispose]();
    },
  };
});

describe("an event", () => {
  const event = { type: "campaign.paused", at: 1_772_442_000_500, detail: { name: "spring" } };

  test("goes to the default bus, from bulk-send, one to a request", async () => {
    const requests: unknown[] = [];
    await using server = await startServer(async (request, response) => {
      requests.push(JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()));
      response.end('{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}');
    });
    const publish = createEventBus(new EventBridgeClient(server.settings));
    await publish(event);
    const entry = { Source: "bulk-send", DetailType: "campaign.paused", Time: 1_772_442_000.5 };
    expect(requests).toEqual([{ Entries: [{ ...entry, Detail: '{"name":"spring"}' }] }]);
  });

  test("that EventBridge refuses in a request that succeeds is not taken for published", async () => {
    await using server = await startServer((_request, response) => {
      const entry = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
      response.end(JSON.stringify({ FailedEntryCount: 1, Entries: [entry] }));
    });
    const publish = createEventBus(new EventBridgeClient(server.settings));
    await expect(publish(event)).rejects.toThrow("ThrottlingException: Rate exceeded");
  });
});
