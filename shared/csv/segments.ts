import calculator from "sms-segments-calculator";

const basic =
  "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz" +
  "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ";
const extended = "\f[\\]^{|}~€";

/** Septets by UTF-16 code unit: 1 or 2 in the GSM 7-bit alphabet (3GPP TS 23.038) and its extension, 0 outside. */
const septets = new Uint8Array(65_536);
for (const [alphabet, size] of [
  [basic, 1],
  [extended, 2],
] as const) {
  for (const character of alphabet) {
    septets[character.charCodeAt(0)] = size;
  }
}

/**
 * Characters that begin a new one for the reader, unless a `joining` one is before them: letters (but not Hangul, whose
 * parts join), digits, punctuation and symbols (but no parts of flags and no skin tones).
 */
const beginning =
  /(?![\u0e33\u0eb3\u1100-\u11ff\u1cf2\u1cf3\ua960-\ua97f\uac00-\ud7ff\uff9e\uff9f\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}])[\p{L}\p{N}\p{P}\p{S}\p{Zs}]/uy;

/** Code units to which the next character may belong: the zero width joiner, and signs that are written before one. */
const joining = /[\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e]|[\ud804-\ud807]./y;

/** How many SMS a text takes, and whether they are UCS-2. */
export interface Measure {
  readonly segments: number;
  readonly unicode: boolean;
}

/**
 * Measures a text: GSM 7-bit (160 septets, or 153 a part) if every character allows it, else UCS-2 (70 code units, or
 * 67 a part). `most` bounds the work: of a text that surely takes more parts, a lower bound is returned.
 */
export function measureText(text: string, most = Number.POSITIVE_INFINITY): Measure {
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const width = septets[text.charCodeAt(at)] ?? 0;
    if (width === 0) return { segments: unicodeSegments(text, most), unicode: true };
    size += width;
  }
  const segments = size <= 160 ? 1 : size === text.length ? Math.ceil(size / 153) : septetParts(text);
  return { segments, unicode: false };
}

function unicodeSegments(text: string, most: number): number {
  if (text.length <= partUnits.single) return 1;
  const least = Math.ceil(text.length / partUnits.joined);
  if (least > most) return least;
  let count = 1;
  for (let start = 0; text.length - start > partUnits.joined; count++)
    start = cutAt(text, start, start + partUnits.joined);
  return count;
}

/** Code units of a UCS-2 text in one SMS, and in each of several. */
const partUnits = { single: 70, joined: 67 } as const;

/**
 * Where a part from `start` is cut that has room until `end`: not within what a reader takes for one character, unless that is longer than
 * a part. Which units those are the library knows; it is asked only about the few around `end`, as it takes a millisecond for a whole
 * text, and a second for one with thousands of marks on one letter. What follows the character at `end` does not matter to it.
 */
function cutAt(text: string, start: number, end: number): number {
  if (beginsCharacter(text, end)) return end;
  let from = end;
  while (from > start && !beginsCharacter(text, from)) {
    from--;
  }
  for (const { length } of new calculator.SegmentedMessage(text.slice(from, end + 2)).graphemes) {
    if (from + length > end) break;
    from += length;
  }
  return from > start ? from : end;
}

/** Whether the character at `at` is certainly not part of the one before it. */
function beginsCharacter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit >= 0xdc00 && unit <= 0xdfff) return false;
  const before = text.charCodeAt(at - 1);
  joining.lastIndex = before >= 0xdc00 && before <= 0xdfff ? at - 2 : at - 1;
  beginning.lastIndex = at;
  return !joining.test(text) && beginning.test(text);
}

/** Fills parts of 153 septets one character after the other; one of the extension table is never cut in two. */
function septetParts(text: string): number {
  let count = 1;
  let used = 0;
  for (const character of text) {
    const size = septets[character.charCodeAt(0)] ?? 0;
    if (used + size > 153) {
      count++;
      used = 0;
    }
    used += size;
  }
  return count;
}

/** The characters, each once, that force a text into UCS-2; empty if none does. */
export function unicodeCauses(text: string): readonly string[] {
  const causes = new Set<string>();
  for (const character of text) {
    if (septets[character.charCodeAt(0)] === 0) causes.add(character);
  }
  return [...causes];
}
