import { isAscii, isUtf8 } from "node:buffer";

/** A stretch of the file as UTF-8, always of whole characters. `damaged`: what follows cannot be decoded. */
export interface Decoded {
  readonly utf8: Uint8Array;
  readonly damaged: boolean;
}

/** Turns a file's bytes, cut anywhere, into UTF-8. Nothing may be decoded after `damaged`. */
export interface Decoder {
  decode(chunk: Uint8Array): Decoded;
  end(): Decoded;
  /** The encoding as far as it is known by now, as the Encoding Standard names it. */
  encoding(): string;
  /** Whether the encoding is a guess: the bytes are not UTF-8, and nobody said what they are. */
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
 * Decodes what is said to be `encoding`, a label of the Encoding Standard (throws a RangeError for any other).
 * Where the first character that does not fit marks the damage, a U+FFFD in the file itself counts as one.
 */
export function createDecoder(encoding: string): Decoder {
  const decoder = new TextDecoder(encoding);
  if (decoder.encoding === "utf-8") return utf8Decoder({ strict: true });
  const read = (text: string): Decoded => {
    const damage = text.indexOf("\ufffd");
    return { utf8: Buffer.from(damage < 0 ? text : text.slice(0, damage)), damaged: damage >= 0 };
  };
  return {
    decode: (chunk) => read(decoder.decode(chunk, { stream: true })),
    end: () => read(decoder.decode()),
    encoding: () => decoder.encoding,
    guessed: () => false,
  };
}

/**
 * Decodes a file that does not say what it is: UTF-8 if its first character beyond ASCII is, else Windows-1252, which
 * reads the ASCII before that character no differently. So the guess needs no look ahead.
 */
export const createGuessingDecoder = (): Decoder => utf8Decoder({ strict: false });

function utf8Decoder({ strict }: { readonly strict: boolean }): Decoder {
  let windows: Decoder | undefined;
  let decided = strict;
  /** The beginning of a character whose rest is in the next chunk. */
  let begun: Uint8Array = nothing;

  /** Windows-1252, once it is found that the file is that. */
  const asWindows = (): Decoder | undefined => windows;

  function check(bytes: Uint8Array): Decoded {
    if (isUtf8(bytes)) {
      decided ||= !isAscii(bytes);
      return { utf8: bytes, damaged: false };
    }
    const wrong = firstInvalid(bytes);
    if (!decided && isAscii(bytes.subarray(0, wrong))) {
      windows = createDecoder("windows-1252");
      return windows.decode(bytes);
    }
    return { utf8: bytes.subarray(0, wrong), damaged: true };
  }

  return {
    decode(chunk) {
      if (windows !== undefined) return windows.decode(chunk);
      const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
      const whole = bytes.length - unfinished(bytes);
      begun = bytes.slice(whole);
      const decoded = check(bytes.subarray(0, whole));
      const rest = asWindows()?.decode(begun);
      if (rest === undefined) return decoded;
      begun = nothing;
      return { utf8: Buffer.concat([decoded.utf8, rest.utf8]), damaged: false };
    },
    end() {
      if (windows !== undefined) return windows.end();
      const rest = begun;
      begun = nothing;
      return check(rest);
    },
    encoding: () => windows?.encoding() ?? "utf-8",
    guessed: () => windows !== undefined,
  };
}

/** How many bytes at the end may be the beginning of a character that goes on in the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

const sequenceLength = (lead: number) =>
  lead >= 0xf5 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;

function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}
