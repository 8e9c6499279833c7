import { plainNumberText } from "../shared/number-text.ts";
import { Refused } from "./exit.ts";

/** A telephone number without its punctuation, as somebody typed it; `undefined` for anything else. */
export function typedNumber(text: string): string | undefined {
  const plain = plainNumberText(text);
  // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
  const dialled = /^(?:\+|00)/u.test(plain) ? plain.replace(/\(\s*0\s*\)/u, "") : plain;
  const bare = dialled.replace(/[\s()./-]/gu, "");
  return /^\+?\d{3,20}$/u.test(bare) ? bare : undefined;
}

/** Throws a Refused when a number of several that are to be added or removed is not one: all are, or none. */
export function checkTypedNumbers(what: "add" | "remove", numbers: readonly string[]): void {
  const [fault] = numbers.flatMap((number) => {
    if (what === "add") return oddNumber(number) ?? [];
    return typedNumber(number) === undefined ? notANumber(number) : [];
  });
  if (fault !== undefined) throw new Refused(`Nothing was ${what === "add" ? "added" : "removed"}: ${fault}`);
}

const notANumber = (text: string) => `${text} is not a telephone number.`;

/** Shorter than any number that a person has, whatever its country. */
const fewestDigits = 7;

const aDate = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/u;

/** Why what somebody typed is no number that is worth remembering, as a sentence; `undefined` for a number of a person. */
export function oddNumber(text: string): string | undefined {
  const number = typedNumber(text);
  if (number === undefined) return notANumber(text);
  if (number.replace(/\D/gu, "").length < fewestDigits) {
    return `${text} is too short for a telephone number; write the whole number, with + and its country code.`;
  }
  const [, between] = aDate.exec(text.trim()) ?? [];
  return between === undefined
    ? undefined
    : `${text} looks like a date, not a telephone number; write the number without ${between}`;
}

/** Whether nobody can tell which country's a number is, as somebody typed it; `country` is the settings'. */
export const lacksCountry = (text: string, country: string | undefined): boolean =>
  country === undefined && !/^(?:\+|00)/u.test(typedNumber(text) ?? "");
