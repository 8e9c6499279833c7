import { describe, expect, test } from "vitest";
import type { OutgoingEvent, Publish } from "../../../shared/ports/events.ts";
import { asItIs, type Within } from "./within.ts";

/** An event bus to be tested, on which nothing has been published. */
export interface OpenEventBus extends Partial<AsyncDisposable> {
  readonly publish: Publish;
  /** What it has accepted, in order. */
  accepted(): readonly OutgoingEvent[];
  /** Runs work in the bus's own time; absent: in real time. */
  readonly within?: Within;
}

/** What every event bus must do, as `Publish` in `shared/ports/events.ts` says it. `open` is called once for each test. */
export function eventsContract(name: string, open: () => OpenEventBus | Promise<OpenEventBus>): void {
  const check = (does: string, body: (bus: OpenEventBus) => Promise<void>) =>
    test(does, async () => {
      const bus = await open();
      try {
        await (bus.within ?? asItIs)(() => body(bus));
      } finally {
        await bus[Symbol.asyncDispose]?.();
      }
    });
  const event = (number: number, detail: OutgoingEvent["detail"] = { number }): OutgoingEvent => ({
    type: "campaign.paused",
    at: 1_772_442_000_000 + number,
    detail,
  });

  describe(`${name} as an event bus`, () => {
    check(
      "accepts events in the order in which they are published, with their time to the millisecond",
      async (bus) => {
        for (const number of [1, 2, 3]) await bus.publish(event(number));
        expect(bus.accepted()).toEqual([event(1), event(2), event(3)]);
      },
    );

    check("takes one that is published again as another", async (bus) => {
      await bus.publish(event(1));
      await bus.publish(event(1));
      expect(bus.accepted()).toEqual([event(1), event(1)]);
    });

    check("keeps every character of a text, and lists and maps", async (bus) => {
      const detail = { text: 'Frühling 👋 \u2028 " \\', list: [1, { a: null }], map: { b: true, c: "" } };
      await bus.publish(event(1, detail));
      expect(bus.accepted()).toEqual([event(1, detail)]);
    });

    check("takes 200 KB", async (bus) => {
      await bus.publish(event(1, { text: "x".repeat(200_000) }));
      expect(bus.accepted()).toHaveLength(1);
    });

    check("has accepted an event as it was when it was published", async (bus) => {
      const detail = { list: [1] };
      const published = bus.publish(event(1, detail));
      detail.list.push(2);
      await published;
      expect(bus.accepted()).toEqual([event(1, { list: [1] })]);
    });
  });
}
