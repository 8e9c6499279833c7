import {
  type CountryCode,
  getCountryCallingCode,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from "libphonenumber-js";
import { quoted } from "../shorten.ts";
import type { ReadNumber } from "./destination.ts";
import { type Invalid, invalid } from "./problem.ts";

/** Reads numbers of the public network as E.164; national ones are read as the country's, and need one. */
export function e164Number(country: CountryCode | undefined): ReadNumber {
  return (text) => {
    const parsed = parse(text, country);
    if (parsed.kind === "invalid") return parsed;
    const { number } = parsed.phone;
    return { kind: "destination", cnumber: number, identity: number };
  };
}

/** Reads numbers of the public network as their digits, country code included. */
export function digitsOfNumber(country: CountryCode): ReadNumber {
  return (text) => {
    const parsed = parse(text, country);
    if (parsed.kind === "invalid") return parsed;
    const { number } = parsed.phone;
    return { kind: "destination", cnumber: number.slice(1), identity: number };
  };
}

/** Reads numbers of `country` as they are dialled within it, and refuses those of other countries. */
export function nationalNumber(country: CountryCode): ReadNumber {
  return (text) => {
    const parsed = parse(text, country);
    if (parsed.kind === "invalid") return parsed;
    const { phone } = parsed;
    const abroad = phone.countryCallingCode !== getCountryCallingCode(country);
    if (abroad || (phone.country !== undefined && phone.country !== country)) {
      return invalid(`The number belongs to another country than ${country}`, quoted(text));
    }
    const national = phone.formatNational().replace(/\D/g, "");
    const again = parse(national, country);
    return again.kind === "invalid" || again.phone.number !== phone.number
      ? invalid(`This is no complete number of ${country}`, quoted(text))
      : { kind: "destination", cnumber: national, identity: phone.number };
  };
}

function parse(
  text: string,
  country: CountryCode | undefined,
): { readonly kind: "parsed"; readonly phone: PhoneNumber } | Invalid {
  const example = quoted(text);
  try {
    const phone = parsePhoneNumberWithError(text, { defaultCountry: country, extract: false });
    if (phone.ext !== undefined) return invalid("The number has an extension, which no text message reaches", example);
    if (phone.isPossible()) return { kind: "parsed", phone };
    return invalid(`The number has the wrong length for ${phone.country ?? `+${phone.countryCallingCode}`}`, example);
  } catch (error) {
    if (error instanceof ParseError) return invalid(parseProblem(error.message, country), example);
    throw error;
  }
}

function parseProblem(code: string, country: CountryCode | undefined): string {
  switch (code) {
    case "TOO_SHORT":
      return "The number is too short";
    case "TOO_LONG":
      return "The number is too long";
    case "INVALID_COUNTRY":
      return country === undefined
        ? 'The number lacks its country code; say "country" in the options or write +…'
        : "The number begins with a country code that does not exist";
    default:
      return "This is no phone number";
  }
}
