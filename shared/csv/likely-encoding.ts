import { isOfAnother, isWestern } from "./alphabets.ts";
import { type EncodingReading, isLikelier } from "./is-likelier.ts";
import { decodedAs } from "./single-byte-tables.ts";
import { wordSense } from "./word-sense.ts";

/** What bytes are more likely to be in than Windows-1252. */
export interface LikelyEncoding {
  /** As people know it; undefined when it is none that is known. */
  readonly name?: string;
  /** The label for the option `encoding`; undefined when files in it cannot be read. */
  readonly label?: string;
}

interface Candidate {
  /** Absent for a DOS code page of the West, of which several may be meant. */
  readonly name?: string;
  /** For `decodedAs`. */
  readonly table: string;
  readonly label?: string;
  readonly withEuro?: boolean;
}

const readable = (label: string, name: string): Candidate => ({ name, table: label, label });
const macRoman = readable("macintosh", "MacRoman");
const withEuro = { ...readable("iso-8859-15", "ISO-8859-15"), withEuro: true };
/** DOS code pages of the West, which differ in few letters. */
const dosPages = ["cp850", "cp437", "cp857"] as const;
const dos = (table: (typeof dosPages)[number]): Candidate => ({ table });

/**
 * By the detector's names. What it finds besides is nothing that a list comes in, such as EBCDIC, or a part of one of these, which it
 * finds with it: TIS-620 of CP874, Shift_JIS of CP932.
 */
const candidates: ReadonlyMap<string | undefined, Candidate> = new Map([
  ["windows-1250", readable("windows-1250", "Windows-1250")],
  ["iso-8859-2", readable("iso-8859-2", "ISO-8859-2")],
  ["windows-1251", readable("windows-1251", "Windows-1251")],
  ["koi8-r", readable("koi8-r", "KOI8-R")],
  ["koi8-u", readable("koi8-u", "KOI8-U")],
  ["iso-8859-5", readable("iso-8859-5", "ISO-8859-5")],
  ["ibm866", readable("ibm866", "CP866 (DOS)")],
  ["maccyrillic", readable("x-mac-cyrillic", "MacCyrillic")],
  ["windows-1253", readable("windows-1253", "Windows-1253")],
  ["iso-8859-7", readable("iso-8859-7", "ISO-8859-7")],
  ["windows-1254", readable("windows-1254", "Windows-1254")],
  ["windows-1255", readable("windows-1255", "Windows-1255")],
  ["iso-8859-8", readable("iso-8859-8", "ISO-8859-8")],
  ["windows-1256", readable("windows-1256", "Windows-1256")],
  ["iso-8859-6", readable("iso-8859-6", "ISO-8859-6")],
  ["windows-1257", readable("windows-1257", "Windows-1257")],
  ["iso-8859-13", readable("iso-8859-13", "ISO-8859-13")],
  ["cp1258", readable("windows-1258", "Windows-1258")],
  ["cp874", readable("windows-874", "TIS-620 or Windows-874")],
  ["gb18030", readable("gb18030", "GBK or GB18030")],
  ["big5", readable("big5", "Big5")],
  ["cp932", readable("shift_jis", "Shift_JIS")],
  ["euc-jp", readable("euc-jp", "EUC-JP")],
  ["cp949", readable("euc-kr", "EUC-KR")],
  ["macroman", macRoman],
  ["cp850", dos("cp850")],
  ["cp437", dos("cp437")],
  ["cp857", dos("cp857")],
  ["cp852", { name: "CP852 (DOS)", table: "cp852" }],
]);

/** What is tried though the detector may not think of it. */
const unasked = [macRoman, ...dosPages.map(dos)];

/** What is not ASCII and no sign that texts in Windows-1252 commonly have. */
const strange = /[^\0-\x7f’‘“”„«»‹›–—…€£©®™°¼½¾×§±²³µ·•ªº¡¿\u00a0]/;

interface Scored extends Candidate, EncodingReading {}

/**
 * What `sample`, the cells of a file that have bytes beyond ASCII, one a line, is rather than Windows-1252; `undefined` when
 * there is no good reason to think so. A statistical detector proposes; whether the words make sense decides, since a
 * few names are too little for statistics alone.
 */
export async function likelyEncoding(sample: Uint8Array): Promise<LikelyEncoding | undefined> {
  const text = decodedAs("windows-1252", sample);
  const sense = wordSense(text);
  if (sense.absurd === 0 && !strange.test(text)) return undefined;
  const { detectAll } = await import("jschardet"); // Large, and only needed for files that are not UTF-8.
  let westernConfidence = 0;
  const others: Scored[] = [];
  const score = (candidate: Candidate, confidence: number) => {
    const text = decodedAs(candidate.table, sample);
    others.push({ ...candidate, confidence, text, sense: wordSense(text) });
  };
  // The detector takes it for Windows-1252, from which it differs in a few signs.
  if (text.includes("¤")) score(withEuro, 0);
  for (const { encoding, confidence } of detectAll(sample)) {
    const name = encoding?.toLowerCase();
    const candidate = candidates.get(name);
    if (name === "windows-1252") westernConfidence = confidence;
    else if (candidate !== undefined) score(candidate, confidence);
  }
  for (const candidate of unasked) score(candidate, 0);
  const contradicting = others.filter((other) => isLikelier(other, { confidence: westernConfidence, text, sense }));
  // In one of the West, the letters that few words have are mostly of one alphabet.
  const better = contradicting.find(({ text }) => /[à-ÿ]/i.test(text) && isWestern(text)) ?? contradicting[0];
  if (better !== undefined) {
    // Where the cells are the same in both, Windows' own has the signs, such as €, that others may have.
    const own = contradicting.find(({ table, text }) => text === better.text && table.startsWith("windows-")) ?? better;
    return { name: own.name ?? dosNames(others), label: own.label };
  }
  return sense.absurd > sense.words / 2 ? {} : undefined;
}

/** The names of the DOS code pages in which the words make as much sense as in any of them. */
function dosNames(readings: readonly Scored[]): string {
  const byTable = new Map(readings.map((reading) => [reading.table, reading]));
  const pages = dosPages.flatMap((page) => byTable.get(page) ?? []);
  const least = Math.min(...pages.map(({ sense }) => sense.absurd));
  const sensible = pages.filter(({ sense }) => sense.absurd === least);
  // Letters that are all of one alphabet tell a page from another one in which they are of none.
  const alike = sensible.filter(({ text }) => isWestern(text) || isOfAnother(text));
  const names = (alike.length > 0 ? alike : sensible).map(({ table }) => table.toUpperCase());
  return `${names.join(", ").replace(/, (?=[^,]*$)/, " or ")} (DOS)`;
}
