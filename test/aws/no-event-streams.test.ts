import { expect, it } from "vitest";
import {
  EventStreamSerde,
  eventStreamSerdeProvider,
  resolveEventStreamSerdeConfig,
} from "../../shared/aws/no-event-streams.ts";

it("a client is set up without event streams", () => {
  const settings = { region: "eu-west-1" };
  expect(resolveEventStreamSerdeConfig(settings)).toBe(settings);
});

it("a call that needs event streams is told that there are none", () => {
  expect(() => eventStreamSerdeProvider()).toThrow("without the SDK's event streams");
  expect(() => EventStreamSerde()).toThrow("without the SDK's event streams");
});
