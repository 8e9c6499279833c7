import { describe, expect, test } from "vitest";
import { createDecoder, createGuessingDecoder, type Decoder, isEncoding } from "../../shared/csv/decoder.ts";

/** What a decoder makes of bytes that come in pieces of a size: all up to what it cannot decode. */
function readIn(decoder: Decoder, bytes: Uint8Array, size: number) {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const { utf8, damaged } = decoder.decode(bytes.subarray(at, at + size));
    parts.push(utf8);
    if (damaged) return { text: Buffer.concat(parts).toString(), damaged };
  }
  const { utf8, damaged } = decoder.end();
  return { text: Buffer.concat([...parts, utf8]).toString(), damaged };
}

const sizes = [1, 2, 3, 4, 5, 1000];

describe("a file that does not say what it is", () => {
  test.each([
    ["ASCII", Buffer.from("plain\n"), "plain\n", false, "utf-8", false],
    ["UTF-8", Buffer.from("Zoë, 漢字 😀!"), "Zoë, 漢字 😀!", false, "utf-8", false],
    ["Windows-1252", Buffer.from("Zo\xeb, J\xfcrgen \x80", "latin1"), "Zoë, Jürgen €", false, "windows-1252", true],
    ["Windows-1252 at its very end", Buffer.from("caf\xe9", "latin1"), "café", false, "windows-1252", true],
    ["Windows-1252 that begins like UTF-8", Buffer.from("\xe9\x80", "latin1"), "é€", false, "windows-1252", true],
    ["UTF-8 and then none", Buffer.concat([Buffer.from("Zoë,"), Buffer.of(0xff, 0x61)]), "Zoë,", true, "utf-8", false],
    ["UTF-8 whose end is cut off", Buffer.from("Zoë €").subarray(0, -1), "Zoë ", true, "utf-8", false],
    ["Windows-1252 and then UTF-8", Buffer.from("\xe9 Zo\xc3\xab", "latin1"), "é ZoÃ«", false, "windows-1252", true],
  ])("is read as %s, wherever it is cut", (_, bytes, text, damaged, encoding, guessed) => {
    for (const size of sizes) {
      const decoder = createGuessingDecoder();
      expect(readIn(decoder, bytes, size)).toEqual({ text, damaged });
      expect([decoder.encoding(), decoder.guessed()]).toEqual([encoding, guessed]);
    }
  });

  test("tells of the bytes that are a guess, and of no others", () => {
    for (const size of sizes) {
      const heard: Uint8Array[] = [];
      readIn(
        createGuessingDecoder((bytes) => heard.push(Uint8Array.from(bytes))),
        Buffer.from("plain text and caf\xe9 cr\xe8me\n", "latin1"),
        size,
      );
      const text = Buffer.concat(heard).toString("latin1");
      expect("plain text and caf\xe9 cr\xe8me\n".endsWith(text)).toBe(true);
      expect(text).toContain("\xe9 cr\xe8me\n");
      const utf8: Uint8Array[] = [];
      readIn(
        createGuessingDecoder((bytes) => utf8.push(bytes)),
        Buffer.from("Zoë"),
        size,
      );
      expect(utf8).toEqual([]);
    }
  });
});

describe("a file whose encoding is said", () => {
  test.each([
    ["utf-8", Buffer.from("Zoë €"), "Zoë €", false],
    ["utf-8", Buffer.from("Zo\ufffd, damaged before"), "Zo\ufffd, damaged before", false],
    ["utf-8", Buffer.from("Zo\xeb", "latin1"), "Zo", true],
    ["utf-8", Buffer.from("Zo\xeb and more", "latin1"), "Zo", true],
    ["utf-16le", Buffer.from("Zoë €😀", "utf16le"), "Zoë €😀", false],
    ["utf-16le", Buffer.from("Zo\ud800x", "utf16le"), "Zo", true],
    ["utf-16le", Buffer.from("Zoë", "utf16le").subarray(0, 5), "Zo", true],
    ["iso-8859-2", Buffer.from([0xa3, 0xf3, 0x64, 0xbc]), "Łódź", false],
    ["shift_jis", Buffer.from([0x83, 0x65, 0x83, 0x58]), "テス", false],
    ["shift_jis", Buffer.from([0x83, 0x65, 0xff, 0x41]), "テ", true],
  ])("%s is read so, and what does not fit marks the damage: %s", (encoding, bytes, text, damaged) => {
    for (const size of sizes) {
      const heard: Uint8Array[] = [];
      const decoder = createDecoder(encoding, (each) => heard.push(Uint8Array.from(each)));
      expect(readIn(decoder, bytes, size)).toEqual({ text, damaged });
      expect([decoder.encoding(), decoder.guessed()]).toEqual([encoding, false]);
      if (encoding !== "utf-8" && !damaged) expect(Buffer.concat(heard)).toEqual(Buffer.from(bytes));
    }
  });

  test("is one of those that the platform knows", () => {
    expect(["utf-8", "latin1", "Windows-1250", "klingon", ""].map(isEncoding)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(() => createDecoder("klingon")).toThrow(RangeError);
  });
});
