import {
  getCountryCallingCode,
  isSupportedCountry,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from "libphonenumber-js";
import type { Options } from "../campaign/options.ts";
import type { Problem } from "./problem.ts";
import { shorten } from "./shorten.ts";

/** How numbers are handed to Enswitch. */
export type NumberFormat = NonNullable<Options["numberFormat"]>;

/** A number to send to; `identity` is equal for two ways of writing one number, as far as that can be told. */
export interface Destination {
  readonly kind: "destination";
  readonly cnumber: string;
  readonly identity: string;
}

/** Reads a cell as a destination, or says why it is none. */
export type ReadNumber = (cell: string) => Destination | ({ readonly kind: "invalid" } & Problem);

/** The reader for a format and country, or a sentence saying what to change in the options. */
export type NumberReader =
  | { readonly kind: "reader"; readonly read: ReadNumber }
  | { readonly kind: "refused"; readonly reason: string };

const plain = /^(?:\+\d{3,15}|(?!00)\d{2,15})$/;

/** A reader of number cells. `as-is` lets pass whatever a telephone could dial; the others need numbers of the public network. */
export function createNumberReader(format: NumberFormat, country: string | undefined): NumberReader {
  if (country === undefined) {
    return format === "national"
      ? {
          kind: "refused",
          reason: '"numberFormat": "national" needs "country" in the options, such as "country": "GB".',
        }
      : { kind: "reader", read: format === "e164" ? reading(international(undefined)) : reading(literal(format)) };
  }
  if (!isSupportedCountry(country)) {
    return {
      kind: "refused",
      reason: `"country": ${shorten(country)} is no country with a telephone network. Use an ISO code such as "GB".`,
    };
  }
  const phone = international(country);
  const literally = literal("as-is");
  const read: ReadNumber =
    format === "e164"
      ? phone
      : format === "as-is"
        ? (text) => {
            const dialled = literally(text);
            const found = dialled.kind === "destination" ? phone(text) : dialled;
            return dialled.kind === "destination" && found.kind === "destination"
              ? { ...dialled, identity: found.identity }
              : dialled;
          }
        : formatted(format, country);
  return { kind: "reader", read: reading(remembering(read)) };
}

/** Beginnings of numbers that are remembered. */
const headsKept = 100_000;

/** Last digits of a number on which no numbering plan's reading of long numbers depends. */
const tailLength = 4;

/**
 * Reads long numbers that begin alike, up to their last digits, but once: numbering plans tell numbers apart by how
 * they begin and by their length, and reading one by them takes some 40 µs.
 */
function remembering(read: ReadNumber): ReadNumber {
  const heads = new Map<string, Omit<Destination, "kind">>();
  return (text) => {
    if (text.length < 10 || !plain.test(text)) {
      return read(text);
    }
    const head = text.slice(0, -tailLength);
    const tail = text.slice(-tailLength);
    const known = heads.get(head);
    if (known !== undefined) {
      return { kind: "destination", cnumber: known.cnumber + tail, identity: known.identity + tail };
    }
    const found = read(text);
    if (found.kind === "destination" && found.cnumber.endsWith(tail) && found.identity.endsWith(tail)) {
      if (heads.size >= headsKept) {
        heads.clear();
      }
      heads.set(head, {
        cnumber: found.cnumber.slice(0, -tailLength),
        identity: found.identity.slice(0, -tailLength),
      });
    }
    return found;
  };
}

/** Takes off what spreadsheets and address books put around a number, and names the faults that can be seen. */
function reading(read: ReadNumber): ReadNumber {
  return (cell) => {
    if (plain.test(cell)) {
      return read(cell);
    }
    const text = withoutWrapping(cell);
    const fault = visibleFault(text);
    return fault === undefined ? read(text) : { kind: "invalid", ...fault };
  };
}

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A leading apostrophe or `="…"` keeps a spreadsheet from calculating; neither belongs to the value. */
export function withoutWrapping(cell: string): string {
  const text = cell.replace(invisible, "").trim();
  return (/^="(.*)"$/.exec(text)?.[1] ?? text.replace(/^['‘’]/, "")).trim();
}

/** A slash alone is no sign of a second number: "030/123456" is one. */
function holdsSeveral(text: string): boolean {
  const parts = (by: RegExp, digits: number) =>
    text.split(by).filter((part) => part.replace(/\D/g, "").length >= digits).length;
  return parts(/[,;|&\n\r]|\s\+|\bor\b|\band\b/i, 3) > 1 || parts(/\//, 7) > 1 || /\d{7,}\s+\+?\d{7,}/.test(text);
}

function visibleFault(text: string): Problem | undefined {
  if (text === "") {
    return { problem: "The row has no number" };
  }
  const example = shorten(text);
  if (text.length > 200) {
    return { problem: "The number is too long", example };
  }
  if (/^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i.test(text)) {
    return {
      problem:
        "The spreadsheet shortened the number and its last digits are lost; format the column as text and export it again",
      example,
    };
  }
  if (/\d[.,]0+$/.test(text) && !/[.,]\d+[.,]/.test(text)) {
    return { problem: "The number ends in a decimal place; format the column as text and export it again", example };
  }
  if (holdsSeveral(text)) {
    return { problem: "There is more than one number in the cell; give each its own row", example };
  }
  if (/\p{L}/u.test(text)) {
    return { problem: "The number has letters in it", example };
  }
  if (!/\p{Nd}/u.test(text)) {
    return { problem: "There are no digits in the number", example };
  }
  return undefined;
}

/** Numbers as they stand (`as-is`) or their digits; extensions, short codes and codes with * and # among them. */
function literal(format: "as-is" | "digits"): ReadNumber {
  return (text) => {
    if (plain.test(text)) {
      const cnumber = format === "digits" && text[0] === "+" ? text.slice(1) : text;
      return { kind: "destination", cnumber, identity: text };
    }
    const example = shorten(text);
    if (!/^\+?[*#0-9().\s/-]+$/.test(text)) {
      return { kind: "invalid", problem: "The number has characters that cannot be dialled", example };
    }
    // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
    const digits = (text[0] === "+" ? text.replace("(0)", "") : text).replace(/[^0-9*#]/g, "");
    const global =
      text[0] === "+" ? digits : digits.startsWith("00") && digits.length > 9 ? digits.slice(2) : undefined;
    if (digits.length < 2) {
      return { kind: "invalid", problem: "The number is too short", example };
    }
    if (digits.length > 20 || (global !== undefined && global.length > 15)) {
      return { kind: "invalid", problem: "The number is too long", example };
    }
    return {
      kind: "destination",
      cnumber: format === "as-is" ? text : digits,
      identity: global === undefined ? digits : `+${global}`,
    };
  };
}

/** Numbers in E.164; national ones are read as the country's, and need one. */
function international(country: string | undefined): ReadNumber {
  return (text) => {
    const phone = parse(text, country);
    return "problem" in phone
      ? { kind: "invalid", ...phone }
      : { kind: "destination", cnumber: phone.number, identity: phone.number };
  };
}

function formatted(format: "national" | "digits", country: string): ReadNumber {
  return (text) => {
    const phone = parse(text, country);
    if ("problem" in phone) {
      return { kind: "invalid", ...phone };
    }
    const { number } = phone;
    if (format === "digits") {
      return { kind: "destination", cnumber: number.slice(1), identity: number };
    }
    const national = phone.formatNational().replace(/\D/g, "");
    const foreign = !isSupportedCountry(country) || phone.countryCallingCode !== getCountryCallingCode(country);
    if (foreign || (phone.country !== undefined && phone.country !== country)) {
      return {
        kind: "invalid",
        problem: `The number belongs to another country than ${country}`,
        example: shorten(text),
      };
    }
    const again = parse(national, country);
    return "problem" in again || again.number !== number
      ? { kind: "invalid", problem: `This is no complete number of ${country}`, example: shorten(text) }
      : { kind: "destination", cnumber: national, identity: number };
  };
}

function parse(text: string, country: string | undefined): PhoneNumber | Problem {
  const example = shorten(text);
  try {
    const phone = parsePhoneNumberWithError(text, {
      ...(country !== undefined && isSupportedCountry(country) ? { defaultCountry: country } : {}),
      extract: false,
    });
    if (phone.ext !== undefined) {
      return { problem: "The number has an extension, which no text message reaches", example };
    }
    return phone.isPossible() ? phone : wrongLength(phone, example);
  } catch (error) {
    if (error instanceof ParseError) {
      return parseProblem(error.message, country, example);
    }
    throw error;
  }
}

const wrongLength = (phone: PhoneNumber, example: string): Problem => ({
  problem: `The number has the wrong length for ${phone.country ?? `+${phone.countryCallingCode}`}`,
  example,
});

function parseProblem(code: string, country: string | undefined, example: string): Problem {
  switch (code) {
    case "TOO_SHORT":
      return { problem: "The number is too short", example };
    case "TOO_LONG":
      return { problem: "The number is too long", example };
    case "INVALID_COUNTRY":
      return country === undefined
        ? { problem: 'The number lacks its country code; say "country" in the options or write +…', example }
        : { problem: "The number begins with a country code that does not exist", example };
    default:
      return { problem: "This is no phone number", example };
  }
}
