import type { OutgoingEvent, Publish } from "../../shared/ports/events.ts";
import type { ServiceCall } from "./service-calls.ts";

/** The simulated event bus. */
export interface SimEventBus {
  /** The bus as one machine reaches it. */
  through(call: ServiceCall): Publish;
}

/** A bus that takes every event that reaches it; `observe` is told of it then. */
export const createSimEventBus = (observe: (event: OutgoingEvent) => void): SimEventBus => ({
  through: (call) => (event) => {
    const sent = structuredClone(event);
    return call("publish", () => observe(sent));
  },
});
