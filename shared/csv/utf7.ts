/** A word of UTF-7, in which letters beyond ASCII stand as `+APw-`, and what it says. */
export interface Utf7Word {
  readonly found: string;
  readonly meant: string;
}

/**
 * A stretch of base64 between a plus sign and what ends it. Numbers behind a plus sign, of which texts have many, are none; pictures all
 * begin with "2D".
 */
const shifted = /\+((?:[A-Za-z]|2D)[A-Za-z\d+/]{2,400})(?:-|(?![A-Za-z\d+/-]))/g;

/** What texts have beyond ASCII: letters of a script each, punctuation, signs of money, pictures. */
const oneScript =
  /^(?:[\p{Script=Latin}\p{Script=Common}]+|[\p{Script=Cyrillic}\p{Script=Common}]+|[\p{Script=Greek}\p{Script=Common}]+|[\p{Script=Hebrew}\p{Script=Common}]+|[\p{Script=Arabic}\p{Script=Common}]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}]+|[\p{Script=Hangul}\p{Script=Common}]+)$/u;

/** The first word of a text that is UTF-7, as old mail programs and `utf-7` exports write it; `undefined` for nearly every text. */
export function utf7Word(text: string): Utf7Word | undefined {
  if (!text.includes("+")) return undefined;
  for (const match of text.matchAll(shifted)) {
    const decoded = decodedUtf7(match[1] ?? "");
    if (decoded === undefined || !isText(decoded)) continue;
    const before = /\S{0,20}$/.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0] ?? "";
    const behind = /^[^\s.,;:!?]{0,20}/.exec(
      text.slice(match.index + match[0].length, match.index + match[0].length + 20),
    )?.[0];
    const found = before + match[0] + (behind ?? "");
    return { found, meant: found.replace(shifted, (all, inner: string) => decodedUtf7(inner) ?? all) };
  }
  return undefined;
}

/** A single letter is Latin, a sign of money or a picture: of others, four letters of base64 are one too easily. */
function isText(decoded: string): boolean {
  if (!/[^\0-\x7f]/.test(decoded) || /[\p{Cc}\p{Cn}\p{Co}]/u.test(decoded)) return false;
  return [...decoded].length > 1
    ? oneScript.test(decoded)
    : /^[\xa0-\u017f\u2010-\u212f\u{1f300}-\u{1faff}]$/u.test(decoded);
}

/** What a stretch of base64 is as UTF-16; `undefined` where bits are over, or it has half a character. */
function decodedUtf7(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (base64.length % 8 !== 0 && ![3, 6].includes(base64.length % 8)) return undefined;
  // What encodes to other letters than these had bits left over that were set.
  if (bytes.toString("base64").replace(/=+$/, "") !== base64) return undefined;
  const text = bytes.swap16().toString("utf16le");
  return text.isWellFormed() ? text : undefined;
}
