import { expect, test } from "vitest";
import { editDistance, nearName } from "../shared/near-name.ts";

test.each([
  ["", "abc", 3],
  ["message", "message", 0],
  ["mesage", "message", 1],
  ["windwo", "window", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it is %i steps", (from, to, steps) => {
  expect(editDistance(from, to)).toBe(steps);
  expect(editDistance(to, from)).toBe(steps);
});

test("a name is near when a third of it differs at most, whatever its case", () => {
  const names = ["message", "snumber", "window"];
  expect(nearName("Mesage", names)).toBe("message");
  expect(nearName("windwo", names)).toBe("window");
  expect(nearName("country", names)).toBeUndefined();
});
