import { expect, test } from "vitest";
import { alsoContinuing } from "../../cli/also-continuing.ts";
import { running } from "../support/factories.ts";

test("whoever sends a list is told which others are sent with it: not itself, nor what is paused or over", () => {
  const others = [
    running(),
    running({ name: "winter" }),
    running({ name: "summer", state: "paused", pause: { code: "person", reason: "Paused by anna.", at: 0 } }),
    running({ name: "autumn", state: "ending" }),
  ];
  expect(alsoContinuing(others, "spring")).toEqual(["winter, which is not complete, continues as well."]);
});
