import { plainNumberText } from "../shared/number-text.ts";

/** A telephone number without its punctuation, as somebody typed it; `undefined` for anything else. */
export function typedNumber(text: string): string | undefined {
  const plain = plainNumberText(text);
  // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
  const dialled = /^(?:\+|00)/u.test(plain) ? plain.replace(/\(\s*0\s*\)/u, "") : plain;
  const bare = dialled.replace(/[\s()./-]/gu, "");
  return /^\+?\d{3,20}$/u.test(bare) ? bare : undefined;
}

/** Whether nobody can tell which country's a number is, as somebody typed it; `country` is the settings'. */
export const lacksCountry = (text: string, country: string | undefined): boolean =>
  country === undefined && !/^(?:\+|00)/u.test(typedNumber(text) ?? "");
