import { expect, test } from "vitest";
import { printable } from "../../shared/enswitch/printable.ts";

test("a text of exactly the length that is allowed stays whole, and a longer one is cut to it", () => {
  expect(printable("12345", 5)).toBe("12345");
  expect(printable("123456", 5)).toBe("1234…");
  expect(printable("123\u{1F600}6", 5)).toBe("123…");
});

test("half a character is not handed on", () => {
  expect(printable("a\uD83D", 5)).toBe("a\uFFFD");
});

test("of a text that is far too long only the beginning is looked at", () => {
  expect(printable("x".repeat(1_001), 10_000)).toBe("x".repeat(1_000));
});
