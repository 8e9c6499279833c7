import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { eventSource, type Publish } from "../ports/events.ts";

/**
 * Publishes to the account's default event bus. One event a request, so that events are accepted in the order in which
 * they are published.
 */
export function createEventBus(client: EventBridgeClient): Publish {
  return async ({ type, at, detail }) => {
    const entry = { Source: eventSource, DetailType: type, Time: new Date(at), Detail: JSON.stringify(detail) };
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    const [accepted] = Entries;
    // A request succeeds although its entries were refused.
    if (accepted?.EventId !== undefined) return;
    throw new Error(
      `EventBridge did not take the event ${type} (${accepted?.ErrorCode ?? "no code"}: ${accepted?.ErrorMessage ?? "no message"}); it is published again.`,
    );
  };
}
