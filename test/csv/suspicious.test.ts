import { expect, test } from "vitest";
import { isSuspicious } from "../../shared/csv/suspicious.ts";

/** What no message can carry, in a text. */
const wrong = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;

/** Bytes that begin `offset` bytes after a multiple of four, as pieces of a file do. */
function placed(text: string, offset: number): Uint8Array {
  const bytes = Buffer.from(text);
  const memory = new Uint8Array(bytes.length + 16);
  memory.set(bytes, offset);
  return memory.subarray(offset, offset + bytes.length);
}

const codes = [
  ...Array.from({ length: 0x280 }, (_, code) => code),
  0x0ffd,
  0x1ffd,
  0x2019,
  0x20ac,
  0xefbf,
  0xf000,
  0xffbd,
  0xfffc,
  0xfffd,
];

test("control characters and damaged ones are noticed wherever they stand, and no others", () => {
  for (const code of codes) {
    const character = String.fromCharCode(code);
    for (let before = 0; before < 6; before++) {
      for (const behind of [0, 5]) {
        const text = `${"a".repeat(before)}${character}${"~".repeat(behind)}`;
        const offset = (before + code) % 4;
        if (isSuspicious(placed(text, offset)) !== wrong.test(text)) {
          expect.fail(`U+${code.toString(16)} behind ${before} and before ${behind}, at ${offset}`);
        }
      }
    }
  }
});

test("each byte of four is looked at, at every beginning in memory", () => {
  for (let offset = 0; offset < 4; offset++) {
    for (let length = 0; length < 14; length++) {
      expect(isSuspicious(placed(" ".repeat(length), offset))).toBe(false);
      for (let at = 0; at < length; at++) {
        for (const sign of ["\x7f", "\x1f", "\0", "\x0b"]) {
          const text = `${" ".repeat(at)}${sign}${" ".repeat(length - at - 1)}`;
          expect(isSuspicious(placed(text, offset)), JSON.stringify([text, offset])).toBe(true);
        }
      }
    }
  }
});
