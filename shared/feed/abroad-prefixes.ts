import type { NumberingPlan } from "../numbering-plan.ts";

/** Longest prefix that is looked for; Australia's longer ones choose a company for one call. */
const longestPrefix = 5;

/**
 * What a country dials before a country code. Its plan has a pattern for it, which is asked about all digits there are: that takes
 * some ten milliseconds.
 */
export function abroadPrefixes({ abroad }: Pick<NumberingPlan, "abroad">): readonly string[] {
  const found: string[] = [];
  for (let length = 1; length <= longestPrefix; length++) {
    for (let value = 0; value < 10 ** length; value++) {
      const digits = String(value).padStart(length, "0");
      if (abroad.exec(digits)?.[0] === digits) found.push(digits);
    }
  }
  return found;
}
