import { isCountry } from "../numbering-plan.ts";
import { nameKey } from "./name-key.ts";

/** Languages in which lists name countries. */
const languages = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "nl",
  "pt",
  "pl",
  "sv",
  "da",
  "nb",
  "fi",
  "cs",
  "sk",
  "hu",
  "ro",
  "bg",
  "el",
  "hr",
  "sl",
  "tr",
  "ru",
  "uk",
  "ar",
  "he",
  "ja",
  "zh",
  "ko",
  "id",
  "ca",
] as const;

/** The countries that have a short name besides their own in any language; asking for those of all takes as long again. */
const shortened: ReadonlySet<string> = new Set(["BA", "CC", "GB", "HK", "KR", "MM", "MO", "PN", "PS", "US"]);

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const countries = letters.flatMap((one) => letters.map((other) => one + other)).filter(isCountry);

const namersIn = (style: "long" | "short") =>
  languages.map((language) => new Intl.DisplayNames([language], { type: "region", fallback: "none", style }));
const [inFull, inShort] = [namersIn("long"), namersIn("short")];

/** Each name once: a country has the same one in many languages. */
function namesOf(country: string): readonly string[] {
  const namers = shortened.has(country) ? [...inFull, ...inShort] : inFull;
  const names = new Set(namers.map((namer) => nameKey(namer.of(country) ?? "")));
  return [...names].filter((name) => name !== "");
}

/**
 * What countries are called, by their codes, as `nameKey` has it. To ask for the names takes a thirtieth of a second, so bundles have them
 * as they were when they were made.
 */
export const namesOfCountries: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  countries.map((country) => [country, namesOf(country)]),
);
