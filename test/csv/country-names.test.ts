import { expect, test } from "vitest";
import { countryNamed } from "../../shared/csv/country-names.ts";
import { isCountry } from "../../shared/numbering-plan.ts";

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const countries = letters.flatMap((one) => letters.map((other) => one + other)).filter(isCountry);
const languages = "en de fr es it nl pt pl sv da nb fi cs sk hu ro bg el hr sl tr ru uk ar he ja zh ko id ca".split(
  " ",
);

/** What each country is called in these languages, in full and in short, by the country. */
function namesOf(country: string): readonly string[] {
  return languages.flatMap((language) =>
    (["long", "short"] as const).flatMap((style) => {
      const names = new Intl.DisplayNames([language], { type: "region", fallback: "none", style });
      return names.of(country) ?? [];
    }),
  );
}

const keyOf = (name: string) =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

test("a country is known by each of its names, in full and in short, that means no other country", () => {
  const named = countries.map((country) => ({ country, names: namesOf(country) }));
  const bearers = new Map<string, Set<string>>();
  for (const { country, names } of named) {
    for (const key of names.map(keyOf)) bearers.set(key, (bearers.get(key) ?? new Set()).add(country));
  }
  // "RU", a short name of the United Kingdom, is Russia's code.
  const isClear = (name: string) => bearers.get(keyOf(name))?.size === 1 && !isCountry(name);
  const unknown = named.flatMap(({ country, names }) =>
    names.filter((name) => isClear(name) && countryNamed(name) !== country).map((name) => `${country} ${name}`),
  );
  expect(unknown).toEqual([]);
});

test.each([
  ["\u{1f1ec}\u{1f1e7}", "GB"],
  ["\u{1f1ec}\u{1f1e7} United Kingdom", "GB"],
  ["\u{1f1ec}\u{1f1e7} France", undefined],
  ["en_GB", "GB"],
  ["GB - United Kingdom", "GB"],
  ["GB - France", undefined],
  ["London, United Kingdom", "GB"],
  ["Indianapolis, IN", undefined],
  ["Indianapolis,   IN", undefined],
  ["Paris,   France", "FR"],
  [" FR ", "FR"],
  ["\u{1f1eb}\u{1f1f7}   FR", "FR"],
  ["en_XX", undefined],
  ["fr-Latn-FR.UTF-8", "FR"],
  ["Deutschland ( DE )", "DE"],
  ["DE  :  Deutschland", "DE"],
  [`${"x".repeat(92)}, France`, "FR"],
  [`${"x".repeat(93)}, France`, undefined],
  ["Great Britain", "GB"],
  ["Großbritannien", "GB"],
  ["Grande-Bretagne", "GB"],
  ["Scotland", "GB"],
  ["UK", "GB"],
  ["Éire", "IE"],
  ["Ireland", "IE"],
  ["USA", "US"],
  ["United States of America", "US"],
  ["États-Unis d'Amérique", "US"],
  ["VS", "US"],
  ["EE. UU.", "US"],
  ["Bundesrepublik Deutschland", "DE"],
  ["Holland", "NL"],
  ["Nederland", "NL"],
  ["België", "BE"],
  ["Belgique", "BE"],
  ["Schweiz", "CH"],
  ["Suisse", "CH"],
  ["Oesterreich", "AT"],
  ["Österreich", "AT"],
  ["Česká republika", "CZ"],
  ["Czech Republic", "CZ"],
  ["U.A.E.", "AE"],
  ["Republic of Korea", "KR"],
  ["South Korea", "KR"],
  ["Russian Federation", "RU"],
  ["Turkey", "TR"],
  ["Macedonia", "MK"],
  ["Swaziland", "SZ"],
  ["Burma", "MM"],
  ["Ivory Coast", "CI"],
  ["Cape Verde", "CV"],
  ["East Timor", "TL"],
  ["DRC", "CD"],
  ["PRC", "CN"],
  ["KSA", "SA"],
  ["Viet", "VN"],
  ["EL", "GR"],
  ["Brasil", "BR"],
  ["Kosovo", "XK"],
  ["GBR", "GB"],
  ["deu", "DE"],
  ["CHE", "CH"],
  ["SRB", "RS"],
  ["Atlantis", undefined],
  // Two countries have it in German.
  ["Kongo", undefined],
])("%s says %s", (cell, country) => {
  expect(countryNamed(cell)).toBe(country);
});
