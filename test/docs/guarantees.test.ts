import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mistakes } from "../simulation/mistakes.ts";

test("the guarantees say how many mistakes were planted into the simulation", () => {
  expect(readFileSync("docs/guarantees.md", "utf8")).toContain(`The ${mistakes.length} planted mistakes`);
});
