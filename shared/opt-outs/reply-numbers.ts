import { plainNumberText } from "../number-text.ts";
import { planOf } from "../numbering-plan.ts";
import { readNumber } from "../read-number.ts";

/** Fewer digits are a short code or an extension, which no list has. */
const fewestDigits = 3;

/**
 * The numbers that the sender of a text may have, in E.164: several where the digits can be read in several ways, for
 * somebody is rather left alone. Digits that no plan knows stay as they are; names have none.
 */
export function replyNumbers(number: string, country: string | undefined): readonly string[] {
  const text = plainNumberText(number);
  if (/\p{L}/u.test(text)) return [];
  const plus = /^\D*\+/u.test(text);
  const digits = text.replace(/\D/gu, "");
  if (digits.length < fewestDigits) return [];
  const home = country === undefined ? undefined : planOf(country);
  const read = readNumber({ plus, digits, head: digits.length }, home, "length");
  if (read.kind === "number") return [read.number];
  if (read.kind === "ambiguous") return read.numbers;
  const bare = plus ? digits : digits.replace(/^00/u, "");
  return [plus || bare !== digits ? `+${bare}` : digits];
}
