import { encodedWords } from "./encoded-words.ts";
import { readings, textOf, type Unit } from "./readings.ts";

/** This many characters of a secret in a row give enough of it away to be struck out; a shorter secret as a whole. */
const telling = 4;

/** So many of its characters backwards: fewer stand in many a word ("not allow" has "lato", as "simulator" has backwards). */
const tellingBackwards = 6;

/** What is put in place of a secret. */
const struckOut = "***";

/** How often a text is looked for in encodings within encodings. */
const mostLayers = 2;

/** Letters and digits one by one, with something between them: "s-e-c-r-e-t", or a list of characters in JSON. */
const spelledOut = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}][^\p{L}\p{N}]{1,4}){3,}[\p{L}\p{N}](?![\p{L}\p{N}])/gu;

/** What is not spelled out. */
const mark = /[^\p{L}\p{N}]/gu;

/**
 * Not compared: blanks, which servers trim, collapse and turn into "+"; backslashes, which they put in front of
 * characters; accents, and what nobody sees.
 */
const unread = /[\s+\\\p{M}\p{Cc}\p{Cf}]/gu;

/** A stretch of a text, in UTF-16 units. */
type StruckPart = Pick<Unit, "start" | "end">;

/**
 * A foreign text without a secret that it may echo: as it is, in part, backwards, spelled out, in other letter case, without its
 * blanks or accents, in escapes of URLs, HTML, JSON or mails, in base64 (alone or behind a user name), base32 or hexadecimal
 * digits, or in one of these within another.
 */
export function strikeSecret(text: string, secret: string): string {
  if (secret === "") return text;
  const find = createFinder(secret);
  const stretches: StruckPart[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    stretches.push({ start: at, end: at + secret.length });
  }
  for (const units of readings(text)) {
    stretches.push(...find(units));
    for (const { start, end, texts } of encodedWords(textOf(units))) {
      const [first, last] = [units[start], units[end - 1]];
      if (first === undefined || last === undefined) continue;
      if (texts.some((each) => reveals(each, find, mostLayers))) stretches.push({ start: first.start, end: last.end });
    }
  }
  return without(text, stretches);
}

/** Finds the stretches of a text that give the secret away. */
type Find = (units: readonly Unit[]) => readonly StruckPart[];

/** Whether a text that was encoded gives the secret away, or has encoded within it what does. */
function reveals(text: string, find: Find, layers: number): boolean {
  for (const units of readings(text)) {
    if (find(units).some((part) => part.end - part.start >= telling)) return true;
    // Read from the wrong place, or if it is none, an encoded text is no text.
    if (layers === 1 || /[\uFFFD\0-\x08]/.test(text)) continue;
    for (const { texts } of encodedWords(textOf(units))) {
      if (texts.some((each) => reveals(each, find, layers - 1))) return true;
    }
  }
  return false;
}

function createFinder(secret: string): Find {
  const pieces = new Set<string>();
  const spelled = new Set<string>();
  const lengths = new Set<number>();
  const add = (text: string, length: number, to: Set<string>) => {
    for (let at = 0; at + length <= text.length; at++) to.add(text.slice(at, at + length));
  };
  for (const [layer, units] of [...readings(secret)].entries()) {
    const text = textOf(compared(units));
    // A secret that looks escaped may come back without its escapes; but what is left of it must still tell something.
    if (text === "" || (layer > 0 && text.length < telling)) continue;
    const backwards = [...text].reverse().join("");
    for (const [way, enough] of [[text, telling] as const, [backwards, tellingBackwards] as const]) {
      const length = Math.min(enough, text.length);
      lengths.add(length);
      add(way, length, pieces);
      add(way.replace(mark, ""), telling, spelled);
    }
  }
  return (read) => {
    const units = compared(read);
    return [
      ...[...lengths].flatMap((length) => stretchesOf(units, length, pieces)),
      ...[...textOf(read).matchAll(spelledOut)].flatMap(({ 0: run, index }) => {
        const letters = compared(read.slice(index, index + run.length)).filter(({ unit }) => unit.search(mark) === -1);
        return stretchesOf(letters, telling, spelled);
      }),
    ];
  };
}

/** The stretches of so many units whose text is one of the pieces. */
function stretchesOf(units: readonly Unit[], length: number, pieces: ReadonlySet<string>): readonly StruckPart[] {
  const text = textOf(units);
  const found: StruckPart[] = [];
  for (let at = 0; at + length <= text.length; at++) {
    const [first, last] = [units[at], units[at + length - 1]];
    if (first === undefined || last === undefined || !pieces.has(text.slice(at, at + length))) continue;
    found.push({ start: first.start, end: last.end });
  }
  return found;
}

/** The units by which texts are compared. */
function compared(units: readonly Unit[]): readonly Unit[] {
  return units.flatMap((each) => {
    const { unit, start, end } = each;
    // Most are these, and normalising each of them takes ten times as long as all else.
    if (/^[a-z0-9]$/.test(unit)) return each;
    const plain = unit.normalize("NFKD").toLowerCase().replace(unread, "");
    return plain.split("").map((each) => ({ unit: each, start, end }));
  });
}

/** The text with the stretches struck out, those that touch or overlap as one. */
function without(text: string, stretches: readonly StruckPart[]): string {
  let out = "";
  let done = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (end <= done) continue;
    if (start > done || out === "") out += text.slice(done, start) + struckOut;
    done = end;
  }
  return out + text.slice(done);
}
