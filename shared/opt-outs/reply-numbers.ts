import { plainNumberText } from "../number-text.ts";
import { planOf } from "../numbering-plan.ts";
import { type NumberMeaning, readNumber } from "../read-number.ts";

/** Fewer digits are a short code or an extension, which no list has. */
const fewestDigits = 3;

/**
 * The numbers that the sender of a text may have, in E.164: several where the digits can be read in several ways, for
 * somebody is rather left alone. A phone system tells callers with their country code and without a plus sign, so that what is a
 * number of the stack's country as well may be one of another. Digits that no plan knows stay as they are; names have none.
 */
export function replyNumbers(number: string, country: string | undefined): readonly string[] {
  const text = plainNumberText(number);
  if (/\p{L}/u.test(text)) return [];
  const plus = /^\D*\+/u.test(text);
  const digits = text.replace(/\D/gu, "");
  if (digits.length < fewestDigits) return [];
  const home = country === undefined ? undefined : planOf(country);
  const read = readNumber({ plus, digits, head: digits.length }, home, "length");
  const complete =
    plus || digits.startsWith("0") ? [] : numbersOf(readNumber(international(digits), undefined, "valid"));
  const found = new Set([...numbersOf(read), ...complete]);
  if (found.size > 0) return [...found];
  const bare = plus ? digits : digits.replace(/^00/u, "");
  return [plus || bare !== digits ? `+${bare}` : digits];
}

const international = (digits: string) => ({ plus: true, digits, head: digits.length });

function numbersOf(read: NumberMeaning): readonly string[] {
  if (read.kind === "number") return [read.number];
  return read.kind === "ambiguous" ? read.numbers : [];
}
