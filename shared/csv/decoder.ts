import { isAscii, isUtf8 } from "node:buffer";
import { firstInvalid, unfinished } from "./utf8.ts";

/** A stretch of the file as UTF-8, always in whole characters. `damaged`: what follows cannot be decoded. */
export interface Decoded {
  readonly utf8: Uint8Array;
  readonly damaged: boolean;
}

/** Turns a file's bytes, cut anywhere, into UTF-8. Decode nothing after `damaged`. */
export interface Decoder {
  decode(chunk: Uint8Array): Decoded;
  end(): Decoded;
  /** The encoding as far as it is known yet, as the Encoding Standard names it. */
  encoding(): string;
  /** Whether the encoding is a guess: the bytes are not UTF-8, and neither a mark nor the options say what they are. */
  guessed(): boolean;
}

const nothing = new Uint8Array(0);

/** Whether the Encoding Standard knows this label. */
export function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes what is said to be `encoding`, a label of the Encoding Standard (throws a RangeError for any other). The first
 * character that does not fit marks the damage; a U+FFFD in the file itself counts as one. `onBytes` hears of all bytes.
 */
export function createDecoder(encoding: string, onBytes?: (bytes: Uint8Array) => void): Decoder {
  const decoder = new TextDecoder(encoding);
  if (decoder.encoding === "utf-8") return utf8Decoder({ strict: true });
  const read = (text: string): Decoded => {
    const damage = text.indexOf("\ufffd");
    return { utf8: Buffer.from(damage < 0 ? text : text.slice(0, damage)), damaged: damage >= 0 };
  };
  return {
    decode: (chunk) => {
      onBytes?.(chunk);
      return read(decoder.decode(chunk, { stream: true }));
    },
    end: () => read(decoder.decode()),
    encoding: () => decoder.encoding,
    guessed: () => false,
  };
}

/**
 * Decodes a file that does not say what it is: UTF-8 if its first character beyond ASCII is, else Windows-1252. Both read
 * the ASCII before that character alike, so the guess needs no look-ahead. `onGuessed` hears of all bytes from there on.
 */
export const createGuessingDecoder = (onGuessed?: (bytes: Uint8Array) => void): Decoder =>
  utf8Decoder({ strict: false, onGuessed });

interface Utf8Reading {
  readonly strict: boolean;
  /** Hears of all bytes that are read as Windows-1252. */
  readonly onGuessed?: (bytes: Uint8Array) => void;
}

function utf8Decoder({ strict, onGuessed }: Utf8Reading): Decoder {
  let windows: Decoder | undefined;
  let decided = strict;
  /** The beginning of a character whose rest is in the next chunk. */
  let begun: Uint8Array = nothing;

  /** As UTF-8; `undefined` if the file turns out to be Windows-1252. */
  function read(bytes: Uint8Array): Decoded | undefined {
    if (isUtf8(bytes)) {
      decided ||= !isAscii(bytes);
      return { utf8: bytes, damaged: false };
    }
    const wrong = firstInvalid(bytes);
    if (!decided && isAscii(bytes.subarray(0, wrong))) return undefined;
    return { utf8: bytes.subarray(0, wrong), damaged: true };
  }

  function readAsWindows(bytes: Uint8Array): Decoded {
    windows ??= createDecoder("windows-1252");
    onGuessed?.(bytes);
    return windows.decode(bytes);
  }

  return {
    decode(chunk) {
      if (windows !== undefined) return readAsWindows(chunk);
      const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
      const whole = bytes.length - unfinished(bytes);
      begun = bytes.slice(whole);
      return read(bytes.subarray(0, whole)) ?? readAsWindows(bytes);
    },
    end: () => (windows === undefined ? (read(begun) ?? readAsWindows(begun)) : windows.end()),
    encoding: () => windows?.encoding() ?? "utf-8",
    guessed: () => windows !== undefined,
  };
}
