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
 * Characters no other joins to or is joined by, so that only surrogate pairs and variation selectors must stay with them; texts with any other
 * character go to the library, which knows clusters. ASCII, Latin, Greek, Cyrillic, punctuation, symbols, kana, Han,
 * full-width forms, and emoji that neither are modifiers nor flags.
 */
const separate =
  /^(?:[\n\r]|[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037b-\u0482\u048a-\u052f\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2100-\u23ff\u2500-\u27bf\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff9d\u{1f300}-\u{1f3fa}\u{1f400}-\u{1f64f}\u{1f680}-\u{1f6fc}\u{1f910}-\u{1f9ff}]\ufe0f?)*$/u;

/** How many SMS a text takes, and whether as UCS-2. */
export interface Measure {
  readonly segments: number;
  readonly unicode: boolean;
}

/** Measures that come up again and again, made once. */
const measures = [false, true].map((unicode) =>
  Array.from({ length: 20 }, (_, segments): Measure => ({ segments, unicode })),
);

const measure = (segments: number, unicode: boolean): Measure =>
  measures[unicode ? 1 : 0]?.[segments] ?? { segments, unicode };

/**
 * Measures a text: GSM 7-bit (160 septets, or 153 a part) if every character allows it, else UCS-2 (70 code units, or
 * 67 a part). `most` bounds the work: of a text that surely takes more parts, a lower bound is returned.
 */
export function measureText(text: string, most = Number.POSITIVE_INFINITY): Measure {
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const width = septets[text.charCodeAt(at)] ?? 0;
    if (width === 0) {
      return measure(unicodeSegments(text, most), true);
    }
    size += width;
  }
  return measure(size <= 160 ? 1 : size === text.length ? Math.ceil(size / 153) : parts(text, 153, septetsAt), false);
}

function unicodeSegments(text: string, most: number): number {
  if (text.length <= 70) {
    return 1;
  }
  const least = Math.ceil(text.length / 67);
  if (least > most) {
    return least;
  }
  return separate.test(text)
    ? parts(text, 67, unitsAt)
    : Math.max(least, new calculator.SegmentedMessage(text).segmentsCount);
}

/** Fills parts of `room` one character after the other; a character is never cut in two. */
function parts(text: string, room: number, sizeAt: (text: string, at: number) => number): number {
  let count = 1;
  let used = 0;
  for (let at = 0; at < text.length; at++) {
    const size = sizeAt(text, at);
    if (size === 0) {
      continue;
    }
    if (used + size > room) {
      count++;
      used = 0;
    }
    used += size;
  }
  return count;
}

const septetsAt = (text: string, at: number) => septets[text.charCodeAt(at)] ?? 0;

/** A surrogate pair and a variation selector (U+FE0F) count with the character they belong to. */
const unitsAt = (text: string, at: number) => {
  const unit = text.charCodeAt(at);
  if (unit === 0xfe0f || (unit >= 0xdc00 && unit <= 0xdfff)) {
    return 0;
  }
  const size = unit >= 0xd800 && unit <= 0xdbff ? 2 : 1;
  return text.charCodeAt(at + size) === 0xfe0f ? size + 1 : size;
};

/** The characters, each once, for which a text falls to UCS-2; none if it does not. */
export function unicodeCauses(text: string): readonly string[] {
  const causes = new Set<string>();
  for (const character of text) {
    if (character.length > 1 || septets[character.charCodeAt(0)] === 0) {
      causes.add(character);
    }
  }
  return [...causes];
}
