import { describe, expect, test } from "vitest";
import { isEbcdic } from "../../shared/csv/ebcdic.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** What code page 037 has for the digits, the letters in their three rows each, and the signs of a list. */
const digits = range(0xf0, 0xf9);
const letters = [0x81, 0x91, 0xa2, 0xc1, 0xd1, 0xe2].flatMap((first) => range(first, (first & 0xf0) + 9));
const signs = { blank: 0x40, comma: 0x6b, semicolon: 0x5e, plus: 0x4e, newLine: 0x15, lineFeed: 0x25, return: 0x0d };
const known: ReadonlySet<number> = new Set([...digits, ...letters, ...Object.values(signs)]);
/** Signs that stand among the letters, and may count as such. */
const among: ReadonlySet<number> = new Set([0xa1, 0xe1]);

const times = (byte: number, count: number) => new Array<number>(count).fill(byte);
const isIt = (...bytes: readonly (readonly number[])[]) => isEbcdic(Uint8Array.from(bytes.flat()));

describe("a file of a mainframe", () => {
  test("is told by its letters, digits and signs, and by nothing else", () => {
    for (const byte of range(0, 255)) {
      if (among.has(byte)) continue;
      expect(isIt(times(0xf1, 8), times(byte, 24)), byte.toString(16)).toBe(known.has(byte));
    }
    for (const digit of digits) expect(isIt(times(digit, 4), times(0x81, 28))).toBe(true);
  });

  test("has some length, and digits in every tenth place", () => {
    expect(isIt(times(0xf1, 8), times(0x81, 8))).toBe(true);
    expect(isIt(times(0xf1, 8), times(0x81, 7))).toBe(false);
    expect(isIt(times(0xf1, 10), times(0x81, 90))).toBe(true);
    expect(isIt(times(0xf1, 99), times(0x81, 901))).toBe(false);
  });

  test("has hardly a sign of ASCII, and few that are neither", () => {
    for (const ascii of [0x30, 0x39, 0x0a, 0x20]) {
      expect(isIt(times(0xf1, 20), times(0x81, 79), [ascii])).toBe(true);
      expect(isIt(times(0xf1, 20), times(0x81, 78), times(ascii, 2))).toBe(false);
    }
    expect(isIt(times(0xf1, 20), times(0x81, 77), times(0x05, 3))).toBe(true);
    expect(isIt(times(0xf1, 20), times(0x81, 66), times(0x5a, 14))).toBe(true);
    expect(isIt(times(0xf1, 20), times(0x81, 65), times(0x5a, 15))).toBe(false);
  });

  test("is told by its beginning", () => {
    const list = [...times(0xf1, 1024), ...times(0x81, 3072)];
    expect(isIt(list, times(0x30, 4096))).toBe(true);
    expect(isIt(list.slice(1), times(0x30, 4096))).toBe(true);
    expect(isIt(list.slice(200), times(0x30, 4096))).toBe(false);
  });
});
