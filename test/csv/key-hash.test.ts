import { expect, test } from "vitest";
import { keyHash } from "../../shared/csv/key-hash.ts";

/** Of 65,536 different keys, half a pair has the same word of 32 bits by chance. */
const count = 65_536;

test.each<[string, (at: number) => string]>([
  ["neighbouring numbers", (at) => `+4477${10_000_000 + at}`],
  ["numbers before the same text", (at) => `+4477${10_000_000 + at}\n${"Dear Anna, see you on Sunday. ".repeat(4)}`],
  ["two letters", (at) => String.fromCharCode(at >> 8, at & 255)],
  ["letters that differ in their upper bits", (at) => String.fromCharCode(at & 0xff00, (at & 255) << 8)],
  [
    "letters that differ in their highest bit",
    (at) => at.toString(2).padStart(16, "0").replaceAll("0", "䄀").replaceAll("1", "섀"),
  ],
])("each word of the hash tells keys apart as well as chance does: %s", (_, key) => {
  const hashes = Array.from({ length: count }, (_, at) => keyHash(key(at)));
  for (const word of [0, 1, 2] as const) {
    expect(count - new Set(hashes.map((hash) => hash[word])).size).toBeLessThanOrEqual(5);
  }
});
