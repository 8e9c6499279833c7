import { isUtf8 } from "node:buffer";
import { describe, expect, test } from "vitest";
import { firstInvalid, unfinished } from "../../shared/csv/utf8.ts";

/** The first and the last character of each length in UTF-8, and one beside the surrogates. */
const characters = ["\0", "a", "\x7f", "\x80", "ë", "\u07ff", "\u0800", "€", "\ud7ff", "\ufffd", "\u{10000}", "😀"];
characters.push("\u{3ffff}", "\u{40000}", "\u{10ffff}");

describe("a character that is cut at the end", () => {
  test.each(characters.map((character) => [JSON.stringify(character), character]))("%s is left for later", (_, one) => {
    const bytes = Buffer.from(`xë${one}`);
    const begins = Buffer.byteLength("xë");
    for (let length = begins; length < bytes.length; length++) {
      expect(unfinished(bytes.subarray(0, length))).toBe(length - begins);
      expect(unfinished(bytes.subarray(begins, length))).toBe(length - begins);
    }
    expect(unfinished(bytes)).toBe(0);
  });

  test.each([
    ["bytes that begin none", [0x80, 0xbf, 0x80, 0x80]],
    ["two bytes that begin none", [0x80, 0x80]],
    ["a byte that no character begins with", [0x61, 0xc0]],
    ["another one", [0x61, 0xc1]],
    ["one beyond the last", [0x61, 0xf5, 0x80]],
    ["the last of all", [0x61, 0xff]],
    ["more bytes than it has", [0xc3, 0xab, 0xab]],
    ["another character, which is no beginning", [0xe2, 0x61]],
    ["a byte of no character behind a beginning", [0x61, 0xe2, 0xc0]],
    ["nothing", []],
  ])("%s wait for nothing", (_, bytes) => {
    expect(unfinished(Uint8Array.from(bytes))).toBe(0);
  });
});

test("the first byte that belongs to no character is where the longest beginning ends that is UTF-8", () => {
  const text = Buffer.from(characters.join("x"));
  const ends = (bytes: Uint8Array) => {
    let longest = 0;
    for (let length = 0; length <= bytes.length; length++) if (isUtf8(bytes.subarray(0, length))) longest = length;
    return longest;
  };
  expect(firstInvalid(text)).toBe(text.length);
  for (let at = 0; at < text.length; at++) {
    for (const byte of [0x41, 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff]) {
      const bytes = Buffer.from(text);
      bytes[at] = byte;
      expect(firstInvalid(bytes), `${byte} at ${at}`).toBe(ends(bytes));
    }
    expect(firstInvalid(text.subarray(0, at))).toBe(ends(text.subarray(0, at)));
  }
});
