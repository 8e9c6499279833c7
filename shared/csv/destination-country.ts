import type { Defaults, Options } from "../campaign/options.ts";
import { countryOfNumber, planOf } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import type { Destination } from "./destination.ts";
import { type Invalid, invalid } from "./problem.ts";
import { readPublicNumber } from "./public-number.ts";

/** The country (ISO code) of a number as it is handed to Enswitch; `undefined` where that cannot be told. */
export type CountryOf = (cnumber: string) => string | undefined;

/**
 * Tells countries by what `options` and `defaults` make of numbers, so that a row has the same one when it is judged and
 * when it is reported.
 */
export function createCountryOf(options: Options, defaults: Defaults): CountryOf {
  const home = options.country ?? defaults.country;
  const plan = home === undefined ? undefined : planOf(home);
  const digitsOnly = options.numberFormat === "digits";
  return (cnumber) => {
    if (/^\+\d+$/.test(cnumber)) return countryOfNumber(cnumber);
    if (plan !== undefined && digitsOnly) return countryOfNumber(`+${cnumber}`);
    const found = readPublicNumber(cnumber, { plan, check: "length" });
    return found.kind === "invalid" ? undefined : countryOfNumber(found.number);
  };
}

/** The same where the stack has prices; elsewhere nobody asks what goes where, and nothing is counted. */
export const createPricedCountryOf = (options: Options, defaults: Defaults): CountryOf | undefined =>
  defaults.prices === undefined ? undefined : createCountryOf(options, defaults);

/** Why a destination is not one of the `countries` that the stack's owner allows; `undefined` if it is, or all are allowed. */
export function createCountryLimit(
  countries: readonly string[] | undefined,
  countryOf: CountryOf,
): (destination: Destination) => Invalid | undefined {
  if (countries === undefined) return () => undefined;
  const allowed = new Set(countries);
  const only = `the stack's setting "countries" allows only ${new Intl.ListFormat("en-GB").format(countries)}`;
  return ({ cnumber }) => {
    const country = countryOf(cnumber);
    if (country !== undefined && allowed.has(country)) return undefined;
    return country === undefined
      ? invalid(`The number's country cannot be told, and ${only}`, quoted(cnumber))
      : invalid(`The number belongs to ${country}, and ${only}`, quoted(cnumber));
  };
}
