import { readings, textOf, type Unit, unitsOf } from "./readings.ts";

/** This many characters of a secret in a row give enough of it away to be struck out; a shorter secret as a whole. */
const telling = 4;

/** What is put in place of a secret. */
const struckOut = "***";

/** Words that base64 (plain or for URLs) or hexadecimal digits could make. */
const base64Words = /[A-Za-z0-9+/_-]{6,}/g;
const hexWords = /[0-9a-f]{2}(?:[\s:,-]?[0-9a-f]{2}){3,}/gi;

/**
 * Not compared: blanks, which servers trim, collapse and turn into "+"; backslashes, which they put in front of
 * characters; accents, and what nobody sees.
 */
const unread = /[\s+\\\p{M}\p{Cc}\p{Cf}]/gu;

/** A stretch of a text, in UTF-16 units. */
type StruckPart = Pick<Unit, "start" | "end">;

/**
 * A foreign text without a secret that it may echo: as it is, in part, in other letter case, without its blanks or
 * accents, in escapes of URLs, HTML, JSON or mails, in base64 (alone or behind a user name) or in hexadecimal digits.
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
      const told = texts.some((each) => find(unitsOf(each)).some((part) => part.end - part.start >= telling));
      if (told) stretches.push({ start: first.start, end: last.end });
    }
  }
  return without(text, stretches);
}

/** Finds the stretches of a text that give the secret away. */
function createFinder(secret: string): (units: readonly Unit[]) => readonly StruckPart[] {
  const pieces = new Set<string>();
  const lengths = new Set<number>();
  for (const [layer, units] of [...readings(secret)].entries()) {
    const text = textOf(compared(units));
    // A secret that looks escaped may come back without its escapes; but what is left of it must still tell something.
    if (text === "" || (layer > 0 && text.length < telling)) continue;
    const length = Math.min(telling, text.length);
    lengths.add(length);
    for (let at = 0; at + length <= text.length; at++) pieces.add(text.slice(at, at + length));
  }
  return (read) => {
    const units = compared(read);
    const text = textOf(units);
    const found: StruckPart[] = [];
    for (const length of lengths) {
      for (let at = 0; at + length <= text.length; at++) {
        const [first, last] = [units[at], units[at + length - 1]];
        if (first === undefined || last === undefined || !pieces.has(text.slice(at, at + length))) continue;
        found.push({ start: first.start, end: last.end });
      }
    }
    return found;
  };
}

/** The units by which texts are compared. */
function compared(units: readonly Unit[]): readonly Unit[] {
  return units.flatMap(({ unit, start, end }) => {
    const plain = unit.normalize("NFKD").toLowerCase().replace(unread, "");
    return plain.split("").map((each) => ({ unit: each, start, end }));
  });
}

/** The words that may be encoded, each with the texts that it may stand for. */
function* encodedWords(text: string): Generator<StruckPart & { readonly texts: readonly string[] }> {
  for (const { 0: word, index } of text.matchAll(base64Words)) {
    // Whatever comes before the secret, a group of base64 begins with one of the first four characters.
    const texts = [0, 1, 2, 3].map((skipped) => Buffer.from(word.slice(skipped), "base64").toString("utf8"));
    yield { start: index, end: index + word.length, texts };
  }
  for (const { 0: word, index } of text.matchAll(hexWords)) {
    const bytes = Buffer.from(word.replace(/[^0-9a-f]/gi, ""), "hex");
    yield { start: index, end: index + word.length, texts: [bytes.toString("utf8"), bytes.toString("latin1")] };
  }
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
