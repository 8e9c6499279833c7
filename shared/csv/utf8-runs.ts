import { isUtf8 } from "node:buffer";
import { unfinished } from "./utf8.ts";

/** A stretch of bytes beyond ASCII that was certainly written as UTF-8. */
export interface Utf8Run {
  readonly bytes: Uint8Array;
  /**
   * `whole`: it is UTF-8. `cut`: a character at its beginning or end lacks bytes. `halves`: a character beyond 65,535 was
   * written as its two surrogates (CESU-8), which is no UTF-8.
   */
  readonly kind: "whole" | "cut" | "halves";
}

/** Looks for UTF-8 in bytes that are not UTF-8 as a whole. */
export interface Utf8Runs {
  /** The first such stretch in these bytes. */
  find(bytes: Uint8Array): Utf8Run | undefined;
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
        const kind = kindOf(run);
        if (kind !== undefined) return { bytes: run, kind };
      }
      return undefined;
    },
  };
}

function kindOf(run: Uint8Array): Utf8Run["kind"] | undefined {
  if (run.length < 2) return undefined;
  if (isUtf8(run)) return isMeant(run) ? "whole" : undefined;
  const bytes = Buffer.from(run).toString("latin1");
  if (/\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/.test(bytes)) return "halves";
  // Read as anything else, these would be "â€" and "ðŸ".
  if (/(?:\xe2[\x80\x82]|\xf0\x9f[\x80-\xbf]?)$/.test(bytes)) return "cut";
  const rest = bytes.search(/[^\x80-\xbf]/);
  const whole = run.subarray(Math.max(0, rest), run.length - unfinished(run));
  return rest <= 3 && isUtf8(whole) && [...new TextDecoder().decode(whole)].length > 1 ? "cut" : undefined;
}

/**
 * Whether a stretch of valid UTF-8 is meant as such. Two or three bytes can be one by chance, as a capital with a closing
 * mark ("CAFÉ»"), but hardly as a letter of Latin, as punctuation or as a picture.
 */
function isMeant(run: Uint8Array): boolean {
  const text = new TextDecoder().decode(run);
  return [...text].length > 1 || /[\x80-\u017f\u1e00-\u1eff\u2010-\u212f\ufeff\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}
