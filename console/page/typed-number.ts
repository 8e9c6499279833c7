import { plainNumberText } from "../../shared/number-text.ts";

/** A number as somebody typed it; `ambiguous` where a mark in it may stand before decimals or between thousands. */
export type TypedNumber =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "ambiguous"; readonly either: readonly [number, number] }
  | { readonly kind: "none" };

/** Signs that only stand between thousands: blanks, apostrophes and the Arabic one. */
const grouping = /(?<=\d)[\s'’\u066c](?=\d{3}(?!\d))/gu;

/**
 * Reads a number with a point or a comma before its decimals, as the two halves of the world write it: "2.5", "2,5", "1.234,5", "1 000". What
 * may mean two numbers is told, never guessed: "1.000".
 */
export function readTypedNumber(typed: string): TypedNumber {
  const text = plainNumberText(typed.normalize("NFKC")).replace(grouping, "").replaceAll("\u066b", ",");
  if (/^\d+$/u.test(text)) return { kind: "number", value: Number(text) };
  const [, thousand, mark, rest = ""] = /^([1-9]\d{0,2})([.,])(\d{3}(?!\d).*)$/u.exec(text) ?? [];
  if (thousand === undefined || mark === undefined) {
    return /^\d*[.,]\d+$/u.test(text) ? { kind: "number", value: withPoint(text) } : { kind: "none" };
  }
  if (/^\d{3}$/u.test(rest)) return { kind: "ambiguous", either: [withPoint(text), Number(thousand + rest)] };
  // Two kinds of marks, or one kind several times: which stands between thousands shows.
  const [, others = "", decimals = ""] = /^\d{3}((?:[.,]\d{3})*?)([.,]\d+)?$/u.exec(rest) ?? [];
  const groups = rest.slice(0, 3) + others;
  const marks = new Set(others.replace(/\d/gu, ""));
  const fits = groups + decimals === rest && [...marks].every((other) => other === mark);
  if (!fits) return { kind: "none" };
  if (!decimals.startsWith(mark)) return { kind: "number", value: withPoint(joined(thousand + groups) + decimals) };
  return decimals.length === 4 ? { kind: "number", value: Number(joined(thousand + rest)) } : { kind: "none" };
}

const withPoint = (text: string) => Number(text.replace(",", "."));

const joined = (text: string) => text.replace(/[.,]/gu, "");
