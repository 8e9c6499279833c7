import type { NumberCheck } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import { type Destination, plainNumber, type ReadNumber } from "./destination.ts";
import { readNumberCell } from "./number-cell.ts";
import { type Invalid, invalid } from "./problem.ts";
import { endsApart, isPlaceholderText, placeholder, readPublicNumber, setApart } from "./public-number.ts";
import { endOfNumber, isClearRemark } from "./set-apart.ts";

/** No number of the public network is shorter, written without its country code. */
const shortest = 6;

/** Nor longer, with what is dialled before the country code. */
const longest = 18;

/** No plan has shorter numbers that stand complete before a remark. */
const completeFrom = 7;

/**
 * Reads anything a telephone could dial: exactly as it is in the cell (`as-is`), or only its digits; both with
 * extensions, short codes and codes with * and #. `any` is for when nobody said that such are meant: as it is in the
 * cell, but only what may be a number of the public network.
 */
export function dialledNumber(format: "as-is" | "digits" | "any", check: NumberCheck): ReadNumber {
  return (cell) => {
    const found = readNumberCell(cell);
    if (found.kind === "invalid") return found;
    const { text } = found;
    if (format === "any") {
      const problem = unlikely(text, cell, check);
      if (problem !== undefined) return problem;
    }
    return dialled(text, cell, format);
  };
}

/** A day as databases write it, `20240503`, which would be a whole number in few countries. */
const compactDate = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** Why nobody can be called by this: too short, a placeholder, or with a country code whose plan does not have it. */
function unlikely(text: string, cell: string, check: NumberCheck): Invalid | undefined {
  const digits = text.replace(/\D/g, "");
  if (digits.length < shortest) {
    return invalid(
      'The number is too short; if short codes are meant, say "numberFormat": "as-is" in the options',
      quoted(cell.trim()),
    );
  }
  if (digits.length > longest) return invalid("The number is too long", quoted(cell.trim()));
  if (check === "length") return undefined;
  if (compactDate.test(text)) {
    return invalid('This may be a date; if it is a number, say its "country" in the options', quoted(cell.trim()));
  }
  if (isPlaceholderText(digits)) return invalid(placeholder, quoted(cell.trim()));
  if (/^[(\s]*(?:\+|00)/.test(text)) {
    const found = readPublicNumber(cell, { plan: undefined, check });
    return found.kind === "invalid" ? found : undefined;
  }
  // "226 70 12 34 56 12": with the country code that it may begin with, the last digits would not be part of it.
  return text[0] !== "0" && endsApart(text) ? invalid(setApart, quoted(cell.trim())) : undefined;
}

function isComplete(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return digits >= completeFrom && digits <= longest;
}

function dialled(text: string, cell: string, format: "as-is" | "digits" | "any"): Destination | Invalid {
  if (plainNumber.test(text)) {
    const cnumber = format === "digits" && text[0] === "+" ? text.slice(1) : text;
    return { kind: "destination", cnumber, identity: text };
  }
  const example = quoted(cell.trim());
  if (!/^\+?[*#0-9().\s/-]+$/.test(text)) return invalid("The number has characters that cannot be dialled", example);
  const end = endOfNumber(text, isComplete);
  if (end.kind === "second-number") {
    return invalid("There is more than one number in the cell; give each its own row", example);
  }
  if (end.kind === "doubtful" || (end.kind === "remark" && !isClearRemark(text))) return invalid(setApart, example);
  const number = end.kind === "remark" ? end.number : text;
  // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
  const digits = (number[0] === "+" ? number.replace("(0)", "") : number).replace(/[^0-9*#]/g, "");
  const global =
    number[0] === "+" ? digits : digits.startsWith("00") && digits.length > 9 ? digits.slice(2) : undefined;
  if (digits.length < 2) return invalid("The number is too short", example);
  if (digits.length > 20 || (global !== undefined && global.length > 15)) {
    return invalid("The number is too long", example);
  }
  return {
    kind: "destination",
    cnumber: format === "digits" ? digits : number,
    identity: global === undefined ? digits : `+${global}`,
  };
}
