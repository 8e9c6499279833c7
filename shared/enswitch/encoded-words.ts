/** A word of a text, in UTF-16 units, that may be encoded, with the texts that it may stand for. */
interface EncodedWord {
  readonly start: number;
  readonly end: number;
  readonly texts: readonly string[];
}

/** Words that base64 (plain or for URLs), base32 or hexadecimal digits could make. */
const base64Words = /[A-Za-z0-9+/_-]{6,}/g;
const base32Words = /[a-z2-7]{7,}/gi;
const hexWords = /[0-9a-f]{2}(?:[\s:,-]?[0-9a-f]{2}){3,}/gi;

/** What no text has. */
const noText = /[\uFFFD\0-\x08]/g;

/** The words of a text that may be encoded. */
export function* encodedWords(text: string): Generator<EncodedWord> {
  for (const { 0: word, index } of text.matchAll(base64Words)) {
    // Whatever comes before the secret, a group of base64 begins with one of the first four characters.
    const texts = [0, 1, 2, 3].map((skipped) => Buffer.from(word.slice(skipped), "base64").toString("utf8"));
    yield { start: index, end: index + word.length, texts };
  }
  for (const { 0: word, index } of text.matchAll(base32Words)) {
    const texts = [0, 1, 2, 3, 4, 5, 6, 7].map((skipped) => fromBase32(word.slice(skipped)).toString("utf8"));
    yield { start: index, end: index + word.length, texts };
  }
  for (const { 0: word, index } of text.matchAll(hexWords)) {
    const bytes = Buffer.from(word.replace(/[^0-9a-f]/gi, ""), "hex");
    // Other digits before it are a part of the word, too, and need not stand for a text.
    const texts = [bytes.toString("utf8"), bytes.toString("latin1")].map((text) => text.replace(noText, " "));
    yield { start: index, end: index + word.length, texts };
  }
}

/** The digits of base32 (RFC 4648). */
const base32Digits = "abcdefghijklmnopqrstuvwxyz234567";

/** The whole bytes that a word of base32 stands for: eight of its digits are five bytes. */
function fromBase32(word: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const digit of word.toLowerCase()) {
    value = ((value << 5) | base32Digits.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
