import fc from "fast-check";
import calculator from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { measureText, unicodeCauses } from "../../shared/csv/segments.ts";
import { cpuMs } from "../support/cpu-time.ts";

const countSegments = (text: string, most?: number) => measureText(text, most).segments;
const needsUnicode = (text: string) => measureText(text).unicode;

const library = (text: string) => new calculator.SegmentedMessage(text);

test("every single character is counted in the alphabet in which the library counts it", () => {
  for (let code = 0; code < 0xd800; code++) {
    const character = String.fromCharCode(code);
    const expected = library(character);
    if (needsUnicode(character) !== (expected.encodingName === "UCS-2")) {
      expect.fail(`U+${code.toString(16)} is ${expected.encodingName} to the library`);
    }
    // 80 characters of the extension table fill a message, 81 do not.
    if (
      !needsUnicode(character) &&
      countSegments(character.repeat(81)) !== library(character.repeat(81)).segmentsCount
    ) {
      expect.fail(`U+${code.toString(16)} has another width to the library`);
    }
  }
});

describe("the quick ways count what the library counts", () => {
  const equal = (characters: readonly string[], maxLength: number) =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters), { maxLength }), (units) => {
        const text = units.join("");
        expect(countSegments(text)).toBe(text === "" ? 1 : library(text).segmentsCount);
      }),
      { numRuns: 300 },
    );

  test("in the GSM alphabet and its extension, at every border", () => {
    equal([..."abcdef XYZ@£Ω\n\r"], 500);
    equal([..."ab€[]{}|^~\\"], 400);
    for (const length of [159, 160, 161, 305, 306, 307, 458, 459, 460]) {
      for (const text of [
        "a".repeat(length),
        `€${"a".repeat(length - 2)}`,
        `${"a".repeat(152)}€${"a".repeat(length)}`,
      ]) {
        expect(countSegments(text)).toBe(library(text).segmentsCount);
      }
    }
  });

  test("in UCS-2, with surrogate pairs on the border of two parts", () => {
    equal([..."abя€漢—…“”ž→★", "😀", "🎉", "🚀", "❤️", "😀\ufe0f", "\r\n"], 250);
    for (const length of [69, 70, 71, 133, 134, 135, 200, 201, 202]) {
      for (const text of ["я".repeat(length), `${"я".repeat(66)}😀${"я".repeat(length)}`]) {
        expect(countSegments(text)).toBe(library(text).segmentsCount);
      }
    }
  });

  test("in UCS-2, with the first and the last of the second halves on the border", () => {
    for (const character of ["🐀", "\u{203ff}", "！", "\ue000"]) {
      for (const before of [65, 66, 67]) {
        for (const behind of [66, 67]) {
          const text = `${"я".repeat(before)}${character}${"я".repeat(behind)}`;
          expect(measureText(text)).toEqual({ segments: library(text).segmentsCount, unicode: true });
        }
      }
    }
  });

  test("of a letter with more marks than a part holds", () => {
    expect(countSegments(`e${"\u0301".repeat(200)}`)).toBe(3);
    expect(countSegments(`я${"\u0301".repeat(201)}я`)).toBe(4);
  });

  test("in texts of any letters, emoji families, flags and accents written apart", () => {
    equal(
      ["e\u0301", "👨‍👩‍👧‍👦", "🇬🇧", "👍🏽", "❤️", "ก็", "한", "ᄒ", "ᅡ", "ᆫ", "न", "्", "a", " ", "я", "\u200d", "🏴", "1️⃣"],
      120,
    );
  });

  test("of whatever characters the end of a part cuts", () => {
    const any = fc.integer({ min: 0x20, max: 0x1ffff }).filter((code) => code < 0xd800 || code > 0xdfff);
    const joined = [
      "\u200d",
      "क्",
      "👩",
      "👍",
      "🇬",
      "ᄒ",
      "가",
      "ᆨ",
      "\u0600",
      "\u{110bd}",
      "❤\ufe0f",
      "👩\u200d",
      "e\u0301",
    ];
    const end = fc.oneof(any.map(String.fromCodePoint), fc.constantFrom(...joined));
    fc.assert(
      fc.property(fc.array(end, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 6 }), (around, before) => {
        const text = `${"я".repeat(67 - before)}${around.join("")}${"я".repeat(134)}`;
        const full = text.slice(0, 67 * 3);
        expect(countSegments(full)).toBe(library(full).segmentsCount);
      }),
      { numRuns: 500 },
    );
  });

  test("over the whole of the plane that the quick way takes for separate characters", () => {
    const blocks = [
      0xa0, 0x100, 0x180, 0x240, 0x370, 0x400, 0x480, 0x500, 0x2010, 0x2030, 0x20a0, 0x2100, 0x2190, 0x2300,
    ];
    const more = [
      0x2500, 0x3001, 0x3041, 0x30a1, 0x4e00, 0x9f00, 0xff01, 0xff60, 0x1f300, 0x1f380, 0x1f400, 0x1f500, 0x1f600,
    ];
    for (const from of [...blocks, ...more, 0x1f680, 0x1f910, 0x1f980]) {
      const text = Array.from({ length: 128 }, (_, at) => String.fromCodePoint(from + at)).join("");
      for (const shift of ["", "я"]) {
        expect(countSegments(shift + text)).toBe(library(shift + text).segmentsCount);
      }
    }
  });
});

test("texts whose characters join are counted about as fast as others", async () => {
  const texts = ["👍🏽", "👩‍👧", "🇬🇧 ", "e\u0301", "नमस्ते ", "مرحبا بكم ", "שלום "].map((word) =>
    word.repeat(40).slice(0, 140),
  );
  const ms = await cpuMs(() => {
    for (let run = 0; run < 300; run++) for (const text of texts) countSegments(`${run} ${text}`);
  });
  // The library alone takes more than a millisecond a text.
  expect(ms / (300 * texts.length)).toBeLessThan(0.5);
});

test("a text far beyond the limit is not counted to its end", async () => {
  const text = "👨‍👩‍👧‍👦".repeat(3000);
  const ms = await cpuMs(() => expect(countSegments(text, 10)).toBeGreaterThan(10));
  expect(ms).toBeLessThan(100);
});

test("the characters that cost a text its GSM alphabet are named once each", () => {
  expect(unicodeCauses("Zoë & Zoë: 🎉 {€}")).toEqual(["ë", "🎉"]);
  expect(unicodeCauses("Plain €")).toEqual([]);
});

test("a text that surely takes more parts than it may is said to take so many at least, and any other is counted", () => {
  expect(countSegments("я".repeat(2 * 67 + 1), 1)).toBe(3);
  // Two parts would hold as many units, but none of them half a character.
  expect(countSegments(`${"я".repeat(66)}😀${"я".repeat(66)}`, 2)).toBe(3);
});
