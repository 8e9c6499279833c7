import { isUtf8 } from "node:buffer";

/** Looks for UTF-8 in bytes that are not UTF-8 as a whole. */
export interface Utf8Runs {
  /** The first stretch of bytes beyond ASCII in these that is certainly UTF-8. */
  find(bytes: Uint8Array): Uint8Array | undefined;
}

/** Longest stretch that is looked at as a whole. */
const longestRun = 256;

/** Nothing seen yet. */
export function createUtf8Runs(): Utf8Runs {
  /** The beginning of a stretch whose rest is in the next bytes. */
  let begun: Uint8Array = new Uint8Array(0);
  return {
    find: (added) => {
      const bytes = begun.length === 0 ? added : Buffer.concat([begun, added]);
      begun = new Uint8Array(0);
      let at = 0;
      while (at < bytes.length) {
        if ((bytes[at] ?? 0) < 0x80) {
          at += 1;
          continue;
        }
        const start = at;
        while ((bytes[at] ?? 0) >= 0x80) at += 1;
        const run = bytes.subarray(start, at);
        if (at === bytes.length && run.length < longestRun) {
          begun = Uint8Array.from(run);
          return undefined;
        }
        if (run.length > 1 && isUtf8(run) && isMeant(run)) return run;
      }
      return undefined;
    },
  };
}

/**
 * Whether a stretch of valid UTF-8 is meant as such. Two or three bytes can be one by chance, as a capital with a closing
 * mark ("CAFÉ»"), but hardly as a letter of Latin, as punctuation or as a picture.
 */
function isMeant(run: Uint8Array): boolean {
  const text = new TextDecoder().decode(run);
  return [...text].length > 1 || /[\x80-\u017f\u1e00-\u1eff\u2010-\u212f\ufeff\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}
