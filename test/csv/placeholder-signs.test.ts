import { expect, test } from "vitest";
import { hasPlaceholderSigns } from "../../shared/csv/placeholder-signs.ts";

const letter = "[A-Za-z\\u00c0-\\uffff]";
const opens = `(?=${letter}|[(|7_$@])`;

/** What the quick look looks for, as patterns that are slow and plain. */
const patterns = [
  /[{[<]/,
  new RegExp(`[(#%@|^~$\\\\\`]${opens}`),
  new RegExp(`(?<!${letter}|[0-9/])[*_=:&!+>/-]${opens}`),
  /[«‹【〔〖《〈⟨⟪「『｛［＜（§¤¦＃％＠＄＊＝＆＿～＾｜：]/,
  new RegExp(`(?<=${letter} ?)[£€¥₹₺₽₩₴₪฿]|[£€¥₹₺₽₩₴₪฿](?= ?${letter})`),
  /(?<![0-9])[%#][0-9]/,
  /[a-z]\.[a-z]/,
  /n[ao]m/i,
  /[a-z][A-Z]/,
  new RegExp(`(?:${letter}|[0-9])_`),
];

test("signs that placeholders are written with are seen in front of, between and behind all kinds of characters", () => {
  const beside = [
    "",
    " ",
    "x",
    "X",
    "é",
    "z",
    "Z",
    "a",
    "A",
    "5",
    "0",
    "9",
    "7",
    "/",
    "(",
    "|",
    "_",
    "$",
    "@",
    ")",
    ".",
    "\u00bf",
  ];
  const signs = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at));
  signs.push(..."«‹【〔〖《〈⟨⟪「『｛［＜（§¤¦＃％＠＄＊＝＆＿～＾｜：£€¥₹₺₽₩₴₪฿é»\u00bf");
  for (const before of beside) {
    for (const sign of signs) {
      for (const after of beside) {
        for (const text of [`${before}${sign}${after}`, `. ${before}${sign}${after} .`]) {
          const expected = patterns.some((pattern) => pattern.test(text));
          if (hasPlaceholderSigns(text) !== expected) expect.fail(JSON.stringify([text, expected]));
        }
      }
    }
  }
});

test("words for a name, and sums of money with a word in place of the number, are seen", () => {
  for (const text of ["Name", "your nome", "NAM", "a nom", "£ amount", "amount £", "xx €", "€ é", "x ₹"]) {
    expect(hasPlaceholderSigns(text), text).toBe(true);
  }
  for (const text of ["na m", "nim", "noon", "nab", "am", "no", "n", "£  x", "x  £", "£ 5", "5 £", "£", "", "bam om"]) {
    expect(hasPlaceholderSigns(text), text).toBe(false);
  }
});

test("ordinary texts have none", () => {
  for (const text of [
    "Hello, your order is ready. Open 9-17, Mon-Fri.",
    "It's 20% off until 5/6, and/or call 01632 960001!",
    "Ihre Bestellung ist da: bis 18 Uhr. Danke.",
    "See https://example.com",
    "A & B - 3 + 4 = 7",
    "Costs £5.00; was 6 €. No. 5*",
  ]) {
    const expected = patterns.some((pattern) => pattern.test(text));
    expect(hasPlaceholderSigns(text), text).toBe(expected);
  }
  expect(hasPlaceholderSigns("Hello, your order is ready. Open 9-17, Mon-Fri.")).toBe(false);
});
