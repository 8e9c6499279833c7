import { quoted } from "../shorten.ts";
import { plainNumber, type ReadNumber } from "./destination.ts";
import { invalid } from "./problem.ts";

/**
 * Reads anything a telephone could dial, including extensions, short codes and codes with * and #: exactly as it is in
 * the cell (`as-is`), or only its digits.
 */
export function dialledNumber(format: "as-is" | "digits"): ReadNumber {
  return (text) => {
    if (plainNumber.test(text)) {
      const cnumber = format === "digits" && text[0] === "+" ? text.slice(1) : text;
      return { kind: "destination", cnumber, identity: text };
    }
    const example = quoted(text);
    if (!/^\+?[*#0-9().\s/-]+$/.test(text)) return invalid("The number has characters that cannot be dialled", example);
    // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
    const digits = (text[0] === "+" ? text.replace("(0)", "") : text).replace(/[^0-9*#]/g, "");
    const global =
      text[0] === "+" ? digits : digits.startsWith("00") && digits.length > 9 ? digits.slice(2) : undefined;
    if (digits.length < 2) return invalid("The number is too short", example);
    if (digits.length > 20 || (global !== undefined && global.length > 15)) {
      return invalid("The number is too long", example);
    }
    return {
      kind: "destination",
      cnumber: format === "as-is" ? text : digits,
      identity: global === undefined ? digits : `+${global}`,
    };
  };
}
