import { type CountryCode, isSupportedCountry } from "libphonenumber-js";
import type { Options } from "../campaign/options.ts";
import { quoted } from "../shorten.ts";
import type { ReadNumber } from "./destination.ts";
import { dialledNumber } from "./dialled-number.ts";
import { readingCells } from "./number-cell.ts";
import { digitsOfNumber, e164Number, nationalNumber } from "./public-number.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { rememberingNumbers } from "./remember-numbers.ts";

/** How numbers are handed to Enswitch. */
export type NumberFormat = NonNullable<Options["numberFormat"]>;

/** The reader for a format and country, or a sentence saying what to change in the options. */
export type NumberReader = { readonly kind: "reader"; readonly read: ReadNumber } | RefusedFile;

/**
 * A reader of number cells. `as-is` accepts anything a telephone could dial, and so does `digits` without a country;
 * the others need numbers of the public network.
 */
export function createNumberReader(format: NumberFormat, country: string | undefined): NumberReader {
  if (country === undefined) {
    if (format === "national") {
      return refused('"numberFormat": "national" needs "country" in the options, such as "country": "GB".');
    }
    return { kind: "reader", read: readingCells(format === "e164" ? e164Number(undefined) : dialledNumber(format)) };
  }
  if (!isSupportedCountry(country)) {
    return refused(
      `"country": ${quoted(country)} is not a country with a telephone network. Use an ISO code such as "GB".`,
    );
  }
  return { kind: "reader", read: readingCells(rememberingNumbers(formats[format](country))) };
}

const formats: Readonly<Record<NumberFormat, (country: CountryCode) => ReadNumber>> = {
  "as-is": asIs,
  digits: digitsOfNumber,
  e164: e164Number,
  national: nationalNumber,
};

/** Leaves numbers as they are; those that have an E.164 form are told apart by it. */
function asIs(country: CountryCode): ReadNumber {
  const dial = dialledNumber("as-is");
  const standardise = e164Number(country);
  return (text) => {
    const dialled = dial(text);
    if (dialled.kind === "invalid") return dialled;
    const standard = standardise(text);
    return standard.kind === "invalid" ? dialled : { ...dialled, identity: standard.identity };
  };
}
