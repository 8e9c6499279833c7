import { isUtf8 } from "node:buffer";
import { quoted } from "../shorten.ts";
import { decodedAs } from "./single-byte-tables.ts";
import { utf7Word } from "./utf7.ts";

/** A word of a text whose UTF-8 was read in another encoding, as `MÃ¼ller`, and what it was before. */
export interface TwiceEncoded {
  readonly found: string;
  readonly meant: string;
}

/** Encodings in which UTF-8 is commonly misread, by the tables of `decodedAs`. */
const tables = ["windows-1252", "windows-1250", "windows-1251", "macintosh", "cp850", "cp437"] as const;

interface Misreading {
  readonly table: (typeof tables)[number];
  /** The byte that each character stands for, by its code; 0 for none. No table has characters beyond 65,535. */
  readonly bytes: Uint8Array;
}

interface Misreadings {
  readonly all: readonly Misreading[];
  /** In which of them, a bit each, a character is the first byte of one of UTF-8, or a byte that follows. */
  readonly leads: Uint8Array;
  readonly followers: Uint8Array;
}

let misreadings: Misreadings | undefined;

function allMisreadings(): Misreadings {
  if (misreadings !== undefined) return misreadings;
  const leads = new Uint8Array(0x10000);
  const followers = new Uint8Array(0x10000);
  const all = tables.map((table, index) => {
    const bytes = new Uint8Array(0x10000);
    // What a table leaves out, and what Latin-1 has there, are control characters of the same number.
    for (let byte = 0x80; byte < 0xa0; byte++) bytes[byte] = byte;
    for (let byte = 0x80; byte < 0x100; byte++) bytes[decodedAs(table, Uint8Array.of(byte)).charCodeAt(0)] = byte;
    for (const [code, byte] of bytes.entries()) {
      if (byte >= 0xc2 && byte <= 0xf4) leads[code] = (leads[code] ?? 0) | (1 << index);
      if (byte >= 0x80 && byte <= 0xbf) followers[code] = (followers[code] ?? 0) | (1 << index);
    }
    return { table, bytes };
  });
  misreadings = { all, leads, followers };
  return misreadings;
}

/** The misreadings of which a text has two characters in a row, a bit each. Runs for each text of a list. */
function possibleIn(text: string, { leads, followers }: Misreadings): number {
  let possible = 0;
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    possible |= before & (followers[code] ?? 0);
    before = leads[code] ?? 0;
  }
  return possible;
}

/** A stretch of a text whose characters could be the bytes of UTF-8, and what it was before it was misread. */
interface Stretch {
  readonly at: number;
  readonly length: number;
  readonly meant: string;
}

const none: readonly Stretch[] = [];

/** All such stretches that are hardly anything else. */
function stretchesIn(text: string, misreading: Misreading): readonly Stretch[] {
  const { bytes } = misreading;
  let found: Stretch[] | undefined;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x80) continue;
    let end = at;
    for (let length = sequenceAt(text, end, bytes); length > 0; length = sequenceAt(text, end, bytes)) end += length;
    if (end === at) continue;
    const meant = meantBy(text, at, end, misreading);
    if (meant !== undefined) {
      found ??= [];
      found.push({ at, length: end - at, meant });
    }
    at = end - 1;
  }
  return found ?? none;
}

/** How many characters from here on could be the bytes of one character of UTF-8; 0 if they are none. */
function sequenceAt(text: string, at: number, bytes: Uint8Array): number {
  const lead = bytes[text.charCodeAt(at)] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let next = 1; next < length; next++) {
    const byte = bytes[text.charCodeAt(at + next)] ?? 0; // NaN beyond the end.
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}

/**
 * The first word of a text that was encoded twice (or more often): its characters, taken as bytes of Windows-1252, Latin-1,
 * Mac Roman or another encoding that UTF-8 is commonly misread in, are UTF-8; or UTF-7. `undefined` for nearly every text.
 */
export function twiceEncoded(text: string): TwiceEncoded | undefined {
  if (!/[^\0-\x7f]/.test(text)) return utf7Word(text);
  const likeliest = likeliestOf(text);
  const [first] = likeliest;
  if (first === undefined) return utf7Word(text);
  const { before, behind } = around(text, first);
  const word = before + text.slice(first.at, first.at + first.length) + behind;
  return { found: word, meant: decodedAgain(word) };
}

/** The stretches of the misreading that explains most of a text. */
function likeliestOf(text: string): readonly Stretch[] {
  let likeliest = none;
  let most = 0;
  const misreadings = allMisreadings();
  const possible = possibleIn(text, misreadings);
  for (const [index, misreading] of possible === 0 ? [] : misreadings.all.entries()) {
    if ((possible & (1 << index)) === 0) continue;
    const stretches = stretchesIn(text, misreading);
    const explained = stretches.reduce((sum, { length }) => sum + length, 0);
    if (explained <= most) continue;
    most = explained;
    likeliest = stretches;
  }
  return likeliest;
}

/** How the sentence about a text names what was found in it. */
export const twiceEncodedExample = ({ found, meant }: TwiceEncoded): string =>
  `${quoted(found, longestWord)} is probably ${quoted(meant, longestWord)}`;

/** Characters of a word that are shown. */
const longestWord = 40;

/** The rest of the word that a stretch is a part of. */
const around = (text: string, { at, length }: Stretch) => ({
  before: /[^ \r\n\t]{0,20}$/.exec(text.slice(Math.max(0, at - 20), at))?.[0] ?? "",
  behind: /^[^ \r\n\t]{0,20}/.exec(text.slice(at + length, at + length + 20))?.[0] ?? "",
});

/** Most times that a text is taken to have been encoded. */
const deepest = 4;

function decodedAgain(word: string, depth = 1): string {
  const stretches = likeliestOf(word);
  if (stretches.length === 0 || depth > deepest) return word;
  const once = stretches.reduceRight(
    (text, { at, length, meant }) => text.slice(0, at) + meant + text.slice(at + length),
    word,
  );
  return decodedAgain(once, depth + 1);
}

/** What a stretch was before it was misread; `undefined` when it is hardly anything but what it says. */
function meantBy(text: string, at: number, end: number, { table, bytes }: Misreading): string | undefined {
  const stretch = text.slice(at, end);
  const before = Uint8Array.from(stretch, (character) => bytes[character.charCodeAt(0)] ?? 0);
  if (!isUtf8(before)) return undefined;
  const decoded = utf8.decode(before);
  const count = [...decoded].length;
  if (count > 1) return isPlausible(decoded) && !isOwnWord(text, at, stretch, decoded) ? decoded : undefined;
  // A pair of Cyrillic letters is too often a word: "Её".
  if (table === "windows-1251" || !isCommon.test(decoded)) return undefined;
  return isWord(text, at, stretch) ? undefined : decoded;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A single character that texts often have: of Latin, punctuation, currency, a mark at a file's beginning, a picture. */
const isCommon = /^[\xa0-\u017f\u1e00-\u1eff\u2010-\u212f\ufeff\u{1f000}-\u{1faff}]$/u;

const scripts =
  /^(?:[\p{Script=Latin}\p{Script=Common}]+|[\p{Script=Cyrillic}\p{Script=Common}]+|[\p{Script=Greek}\p{Script=Common}]+|[\p{Script=Hebrew}\p{Script=Common}]+|[\p{Script=Arabic}\p{Script=Common}]+|[\p{Script=Thai}\p{Script=Common}]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}]+|[\p{Script=Devanagari}\p{Script=Common}]+|[\p{Script=Bengali}\p{Script=Common}]+|[\p{Script=Tamil}\p{Script=Common}]+)$/u;

/** Whether several characters could be a part of a text. */
const isPlausible = (decoded: string) =>
  !/[\p{Cn}\p{Co}]/u.test(decoded) && (scripts.test(decoded) || /\p{Extended_Pictographic}/u.test(decoded));

/** Letters of today's Latin, Greek and Cyrillic. */
const commonLetters = /^[\xc0-\u0131\u0134-\u0148\u014a-\u017e\u0386-\u03ce\u0400-\u045f\u0490\u0491]+$/;

/**
 * Whether a stretch that could be several characters is a word all the same, or a part of one: pairs of capitals, as "ПОЛІЦІЇ", "ЛІЛІЯ" and
 * "ВЯЛІКІ" have them, could be rare letters and signs, and in the middle of a word common ones.
 */
const isOwnWord = (text: string, at: number, stretch: string, decoded: string) =>
  isWord(text, at, stretch) &&
  (!commonLetters.test(decoded) || isCyrillic(text.charAt(at - 1)) || isCyrillic(text.charAt(at + stretch.length)));

const isCyrillic = (character: string) => /\p{Script=Cyrillic}/u.test(character);

/** A word of one case, or with a capital, and the punctuation that may stand behind it. */
const wordAsWritten = /^(?:\p{Lu}+|\p{Lu}?\p{Ll}+)[\u00a0’‘“”„‚«»‹›…–—·°ºª™®´¡¿]*[^\p{L}\p{N}]?$/u;

/** Whether a stretch is, where it stands, a word as people write it: "MAÇÔ, "«Olá»…", "DĹŽKA". */
function isWord(text: string, at: number, stretch: string): boolean {
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
  const behind = [...text.slice(at + stretch.length, at + stretch.length + 2)][0] ?? "";
  if (/\p{L}/u.test(before)) return wordAsWritten.test(before + stretch + behind);
  // No language has these as words of their own, nor letters that follow a digit.
  if (/^[ÂÃĂ]\P{L}/u.test(stretch) || /\p{N}/u.test(before)) return false;
  return wordAsWritten.test(stretch + behind);
}
