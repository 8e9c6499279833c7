import { expect, test } from "vitest";
import { duration } from "../shared/in-words.ts";

test.each([
  [320, "320 ms"],
  [45_000, "45 s"],
  [60_000, "1 min"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [3_605_000, "1 h"],
  [93_600_000, "1 d 2 h"],
])("%i ms are %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});
