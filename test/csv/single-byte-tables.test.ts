import { expect, test } from "vitest";
import { decodedAs } from "../../shared/csv/single-byte-tables.ts";

test.each([
  ["cp850", "A\u007fÇ\u00a0"],
  ["cp437", "A\u007fÇ\u00a0"],
  ["cp857", "A\u007fÇ\u00a0"],
  ["cp852", "A\u007fÇ\u00a0"],
  ["windows-1252", "A\u007f€ÿ"],
])("the first and the last bytes of both halves in %s", (encoding, text) => {
  expect(decodedAs(encoding, Uint8Array.of(0x41, 0x7f, 0x80, 0xff))).toBe(text);
});
