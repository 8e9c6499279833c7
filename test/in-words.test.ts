import { describe, expect, it } from "vitest";
import { duration } from "../shared/in-words.ts";

describe("a duration in words", () => {
  it.each([
    [0, "0 s"],
    [39.6, "40 ms"],
    [59_499, "59 s"],
    [60_000, "1 min"],
    [200_000, "3 min 20 s"],
    [7_559_000, "2 h 5 min"],
    [86_400_000, "1 d"],
    [86_460_000, "1 d"],
    [93_600_000, "1 d 2 h"],
  ])("%d ms is %s", (ms, words) => expect(duration(ms)).toBe(words));
});
