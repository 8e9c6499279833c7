import { expect, test } from "vitest";
import { excerpt, quoted, shorten } from "../shared/shorten.ts";

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["a😀b", 3, "a…"],
])("%s in at most %i characters is %s", (text, characters, expected) => {
  expect(shorten(text, characters)).toBe(expected);
});

test("an excerpt counts whole characters and shows those that cannot be seen", () => {
  expect(excerpt("😀😀😀", 3)).toBe("😀😀😀");
  expect(excerpt("😀😀😀", 2)).toBe("😀😀…");
  expect(excerpt("a\r\nb\0\u200b", 10)).toBe("a⏎b‹U+0000›‹zero-width space›");
  expect(excerpt("\u202a+44\u00a07\t\ufeff1\ufe0f", 20)).toBe("‹U+202A›+44\u00a07‹tab›‹byte order mark›1‹U+FE0F›");
  expect(quoted("x".repeat(30))).toBe(`"${"x".repeat(24)}…"`);
});
