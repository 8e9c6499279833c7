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
  /** The byte that each character stands for. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Characters in a row that could be the bytes of UTF-8. */
  readonly stretches: RegExp;
}

function misreadingBy(table: Misreading["table"]): Misreading {
  const bytes = new Map<string, number>();
  // What a table leaves out, and what Latin-1 has there, are control characters of the same number.
  for (let byte = 0x80; byte < 0xa0; byte++) bytes.set(String.fromCharCode(byte), byte);
  for (let byte = 0x80; byte <= 0xff; byte++) bytes.set(decodedAs(table, Uint8Array.of(byte)), byte);
  const among = (first: number, last: number) =>
    `[${[...bytes].flatMap(([character, byte]) => (byte >= first && byte <= last ? [character] : [])).join("")}]`;
  const follows = among(0x80, 0xbf);
  const one = `${among(0xc2, 0xdf)}${follows}|${among(0xe0, 0xef)}${follows}{2}|${among(0xf0, 0xf4)}${follows}{3}`;
  return { table, bytes, stretches: new RegExp(`(?:${one})+`, "g") };
}

let known: readonly Misreading[] | undefined;

/** The misreadings; made when the first text needs them. */
function misreadings(): readonly Misreading[] {
  known ??= tables.map(misreadingBy);
  return known;
}

/** A stretch of a text whose characters could be the bytes of UTF-8, and what it was before it was misread. */
interface Stretch {
  readonly at: number;
  readonly length: number;
  readonly meant: string;
}

/** All such stretches that are hardly anything else. */
function stretchesIn(text: string, misreading: Misreading): readonly Stretch[] {
  if (text.search(misreading.stretches) < 0) return []; // For nearly every text, and in a third of the time.
  return Array.from(text.matchAll(misreading.stretches)).flatMap(({ index, 0: stretch }) => {
    const meant = meantBy(text, index, stretch, misreading);
    return meant === undefined ? [] : [{ at: index, length: stretch.length, meant }];
  });
}

/**
 * The first word of a text that was encoded twice (or more often): its characters, taken as bytes of Windows-1252, Latin-1,
 * Mac Roman or another encoding that UTF-8 is commonly misread in, are UTF-8; or UTF-7. `undefined` for nearly every text.
 */
export function twiceEncoded(text: string): TwiceEncoded | undefined {
  if (!/[^\0-\x7f]{2}/.test(text)) return utf7Word(text);
  const likeliest = likeliestOf(text);
  const [first] = likeliest;
  if (first === undefined) return utf7Word(text);
  const { before, behind } = around(text, first);
  const word = before + text.slice(first.at, first.at + first.length) + behind;
  return { found: word, meant: decodedAgain(word) };
}

/** The stretches of the misreading that explains most of a text. */
function likeliestOf(text: string): readonly Stretch[] {
  let likeliest: readonly Stretch[] = [];
  for (const misreading of misreadings()) {
    const stretches = stretchesIn(text, misreading);
    if (explained(stretches) > explained(likeliest)) likeliest = stretches;
  }
  return likeliest;
}

/** How many characters of a text are in some stretches. */
const explained = (stretches: readonly Stretch[]) => stretches.reduce((sum, { length }) => sum + length, 0);

/** How the sentence about a text names what was found in it. */
export const twiceEncodedExample = ({ found, meant }: TwiceEncoded): string =>
  `${quoted(found, 40)} is probably ${quoted(meant, 40)}`;

/** The rest of the word that a stretch is a part of. */
const around = (text: string, { at, length }: Pick<Stretch, "at" | "length">) => ({
  before: text.slice(Math.max(0, at - 20), at).replace(/^.*[ \r\n\t]/s, ""),
  behind: text.slice(at + length, at + length + 20).replace(/[ \r\n\t].*$/s, ""),
});

/** Most times that a text is taken to have been encoded. */
const deepest = 4;

function decodedAgain(word: string, depth = 1): string {
  if (depth > deepest) return word;
  const once = likeliestOf(word).reduceRight(
    (text, { at, length, meant }) => text.slice(0, at) + meant + text.slice(at + length),
    word,
  );
  return decodedAgain(once, depth + 1);
}

/** What a stretch was before it was misread; `undefined` when it is hardly anything but what it says. */
function meantBy(text: string, at: number, stretch: string, { table, bytes }: Misreading): string | undefined {
  const before = Uint8Array.from(stretch, (character) => bytes.get(character) ?? 0);
  if (!isUtf8(before)) return undefined;
  const decoded = utf8.decode(before);
  const count = [...decoded].length;
  if (count > 1) return isPlausible(decoded) && !isOwnWord(text, at, stretch, decoded) ? decoded : undefined;
  if (!isCommon.test(decoded) && (table === "macintosh" || !isLaterLatin.test(decoded))) return undefined;
  const isOwn =
    table === "windows-1251"
      ? !isAmidLatin(text, at, stretch)
      : isWord(text, at, stretch) ||
        (table.startsWith("windows") && joinsCapitals(text, at, stretch, { decoded, bytes }));
  return isOwn ? undefined : decoded;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A single character that texts often have: of Latin, punctuation, currency, a mark at a file's beginning, a picture. */
const isCommon = /^[\xa0-\u017f\u1e00-\u1eff\u2010-\u212f\ufeff\u{1f000}-\u{1faff}]$/u;

/** Letters of Romanian, Vietnamese and Azerbaijani; their bytes in Mac Roman are punctuation and a letter: "»öffnen", "…ô". */
const isLaterLatin = /^[\u018f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0259]$/u;

const scripts =
  /^(?:[\p{Script=Latin}\p{Script=Common}]+|[\p{Script=Cyrillic}\p{Script=Common}]+|[\p{Script=Greek}\p{Script=Common}]+|[\p{Script=Hebrew}\p{Script=Common}]+|(?=.*\p{Script=Arabic})[\p{Script=Arabic}\p{Script=Common}\p{Script=Inherited}]+|[\p{Script=Thai}\p{Script=Common}]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}]+|[\p{Script=Devanagari}\p{Script=Common}]+|[\p{Script=Bengali}\p{Script=Common}]+|[\p{Script=Tamil}\p{Script=Common}]+|(?=.*[\u0540-\u058f])[\p{Script=Armenian}\p{Script=Common}]+|[\p{Script=Georgian}\p{Script=Common}]+|[\p{Script=Gujarati}\p{Script=Common}]+|[\p{Script=Gurmukhi}\p{Script=Common}]+|[\p{Script=Kannada}\p{Script=Common}]+|[\p{Script=Malayalam}\p{Script=Common}]+|[\p{Script=Telugu}\p{Script=Common}]+|[\p{Script=Sinhala}\p{Script=Common}]+|[\p{Script=Lao}\p{Script=Common}]+|[\p{Script=Khmer}\p{Script=Common}]+|[\p{Script=Myanmar}\p{Script=Common}]+|[\p{Script=Ethiopic}\p{Script=Common}]+)$/u;

/** Whether several characters could be a part of a text. */
const isPlausible = (decoded: string) => scripts.test(decoded) || /\p{Extended_Pictographic}/u.test(decoded);

/** Letters of today's Latin, Greek, Cyrillic, Hebrew and Arabic, without one of which the bytes are "ШІ". */
const commonLetters =
  /^[\xc0-\u0131\u0134-\u0148\u014a-\u017e\u0386-\u03ce\u0400-\u045f\u0490\u0491\u05d0-\u05ea\u0621-\u0631\u0633-\u063a\u0641-\u064a]+$/;

/**
 * Whether a stretch that could be several characters is a word all the same, or a part of one: pairs of letters, as "ПОЛІЦІЇ", "ВЯЛІКІ",
 * "Лідії" and "CZĘŚĆ…" have them, could be rare letters and signs, and in the middle of a word common ones. What could be nothing but
 * characters of three bytes is no word: "ãƒžãƒª" was Japanese, and "жіўе…°" Chinese.
 */
const isOwnWord = (text: string, at: number, stretch: string, decoded: string) => {
  if (!twoBytes.test(decoded)) return false;
  const besideCyrillic = isCyrillic(text.charAt(at - 1)) || isCyrillic(text.charAt(at + stretch.length));
  if (besideCyrillic && cyrillicCapitals.test(stretch)) return true;
  if (!isWord(text, at, stretch)) return false;
  if (besideCyrillic || !commonLetters.test(decoded)) return true;
  return /[»“”’…]$/.test(stretch) && /[\p{Script=Latin}\p{Script=Greek}]/u.test(decoded);
};

/** Words in capitals with signs between them: "ДЭВІЗ—СПЕШНЫ". */
const cyrillicCapitals = /^[\u0404-\u042f\u0490\u00a0’‘“”„‚«»‹›…–—·•°®]+$/;

/** A character of two bytes in UTF-8. */
const twoBytes = /[\x80-\u07ff]/;

const isCyrillic = (character: string) => /\p{Script=Cyrillic}/u.test(character);

/**
 * Whether a stretch that could be a single character stands in a word of Latin letters: "MГјller". Elsewhere a pair of Cyrillic letters is
 * too often a word: "Её". "В" and "Е" are typed for the Latin letters, so that what may stand behind a word behind them is that: "SALЕ»".
 */
function isAmidLatin(text: string, at: number, stretch: string): boolean {
  if (/^(?:В|Е[\u00a0«»–—…’“”™®·°])/.test(stretch)) return false;
  const around = text.charAt(at - 1) + text.charAt(at + stretch.length);
  return /\p{Script=Latin}/u.test(around) && !isCyrillic(around);
}

/**
 * Whether a capital and a sign that could be one character stand between words in capitals: "CASĂ—GARĂ" was no "CAS×GARĂ", and
 * "SKRÅ’S" no "SKRŒS". "GRÃ–SSE" was "GRÖSSE", if nothing else is known; but where what stands between two blanks has a letter that
 * cannot come of misreading, as the last one of "MANHÃ–AMANHÃ", its signs are signs.
 */
function joinsCapitals(
  text: string,
  at: number,
  stretch: string,
  { decoded, bytes }: { readonly decoded: string; readonly bytes: Misreading["bytes"] },
): boolean {
  const end = at + stretch.length;
  // No word ends with Â.
  if (!/^(?!Â)\p{Lu}[\u00a0’‘“”„‚«»‹›…–—·•°®€]$/u.test(stretch)) return false;
  if (!/\p{Lu}/u.test(text.charAt(at - 1)) || !/[\p{Lu}\p{N}]/u.test(text.charAt(end))) return false;
  if (/[—·\u00a0]$/.test(stretch) && !/\p{Lu}/u.test(decoded)) return true;
  if (stretch.endsWith("’") && decoded !== "Ò" && /^S(?!\p{L})/u.test(text.slice(end, end + 2))) return true;
  const { before, behind } = around(text, { at, length: stretch.length });
  const byteOf = (letter: string) => bytes.get(letter) ?? 0xff;
  return [before, behind].some(
    (part) =>
      Array.from(part.matchAll(beforeOthers)).some(([letter]) => byteOf(letter) >= 0xc0) ||
      Array.from(part.matchAll(behindOthers)).some(([letter]) => byteOf(letter) < 0xc0),
  );
}

/** A capital beyond ASCII where no character of several bytes can begin, and where none can go on. */
const beforeOthers = /(?![A-Z])\p{Lu}(?=[\x20-\x7e]|$)/gu;
const behindOthers = /(?<=[\x20-\x7e])(?![A-Z])\p{Lu}/gu;

/** Characters beside each other that no language has so, as "Ü", "Č", "Ë" and "ę" become: ‹ closes words in German alone. */
const nowhere =
  /^(?:[ÃĂ]‹|Ã[ŠŒŽšœžŸƒµ]|Å[ŒœŸšžƒ]|Ä[ŒœŸƒ]|[ÈČ]š|[ÂĂ][ŠŚŤŽŹšśťžźŁĄŻłąĽľżµ]|Ä[ŚŹśźŁłĄąŻż]|Ĺ[ŚŹśźŁłĄąŻżŞşšžťľ]|ƒ[ÄÅÇÑÖÜäåçñöüëïêîôûâßÆØæøµπΩ])/;

/** A word of one case, or with a capital, and the punctuation that may stand behind it. */
const wordAsWritten = /^(?:\p{Lu}+|\p{Lu}?\p{Ll}+)[\u00a0’‘“”„‚«»‹›…–—·°ºª™®´¡¿]*[^\p{L}\p{N}]?$/u;

/** Whether a stretch is, where it stands, a word as people write it: "MAÇÔ, "«Olá»…", "DĹŽKA". */
function isWord(text: string, at: number, stretch: string): boolean {
  if (nowhere.test(stretch)) return false;
  // What stands behind a word does so at the end of a text, too: "CITÃ‰" is none there either.
  const [before, behind] = [text.charAt(at - 1), text.charAt(at + stretch.length) || " "];
  if (/\p{L}/u.test(before)) return wordAsWritten.test(before + stretch + behind);
  // No language has these as words of their own, nor letters that follow a digit.
  if (/^[ÂÃĂ]\P{L}/u.test(stretch) || /\p{N}/u.test(before)) return false;
  return wordAsWritten.test(stretch + behind);
}
