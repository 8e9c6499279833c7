import { isCountry } from "../numbering-plan.ts";

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

/** What people write besides the names that the platform has: letters alone, without accents. */
const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    GB: `greatbritain britain england scotland wales northernireland
      unitedkingdomofgreatbritainandnorthernireland grossbritannien angleterre inglaterra inghilterra
      engeland schottland granbretagna granbretana grandebretagne grootbrittannie`,
    IE: "eire republicofireland",
    US: `unitedstatesofamerica america theunitedstates vereinigtestaatenvonamerika etatsunisdamerique
      estadosunidosdeamerica`,
    DE: "brd bundesrepublikdeutschland",
    NL: "holland thenetherlands hollande holanda olanda",
    CZ: "czechrepublic tschechischerepublik ceskarepublika republiquetcheque republicacheca",
    AE: "uae",
    KR: "korea republicofkorea",
    RU: "russianfederation",
    TR: "turkey",
    MK: "macedonia",
    SZ: "swaziland",
    MM: "burma",
    CI: "ivorycoast",
    TL: "easttimor",
    CD: "drc",
    CN: "prc",
    SA: "ksa",
    VN: "viet",
    GR: "el",
    AT: "oesterreich",
  }).flatMap(([country, names]) => names.split(/\s+/).map((name) => [name, country])),
);

/** Vehicle codes and old codes that lists use; ISO has other meanings for some, which win. */
const alpha3: ReadonlyMap<string, string> = new Map(
  `GBR GB, DEU DE, FRA FR, ESP ES, ITA IT, NLD NL, BEL BE, AUT AT, CHE CH, PRT PT, POL PL, IRL IE, SWE SE, NOR NO,
    DNK DK, FIN FI, CZE CZ, SVK SK, HUN HU, ROU RO, BGR BG, GRC GR, HRV HR, SVN SI, TUR TR, RUS RU, UKR UA, CAN CA,
    MEX MX, BRA BR, ARG AR, AUS AU, NZL NZ, IND IN, CHN CN, JPN JP, KOR KR, SGP SG, HKG HK, ZAF ZA, ARE AE, SAU SA,
    ISR IL, LUX LU, MLT MT, CYP CY, EST EE, LVA LV, LTU LT, ISL IS, IDN ID, MYS MY, PHL PH, THA TH, VNM VN, NGA NG,
    KEN KE, EGY EG, MAR MA, PAK PK, BGD BD, LKA LK, COL CO, CHL CL, PER PE, SRB RS`
    .split(/,\s+/)
    .map((pair) => [pair.slice(0, 3), pair.slice(4)]),
);

/** The countries that have a short name besides their own in any language; asking for those of all takes as long again. */
const shortened: ReadonlySet<string> = new Set(["BA", "CC", "GB", "HK", "KR", "MO", "PS", "US"]);

let names: ReadonlyMap<string, string> | undefined;

/**
 * The ISO code of a country that a cell names, by code, flag or locale (`es_ES`), or by name in a major language, also in the ways
 * of "Spain (ES)", "ES - Spain" and "Madrid, Spain"; `undefined` if it names none.
 */
export function countryNamed(cell: string): string | undefined {
  const text = cell.replace(/\p{Cf}/gu, "").trim();
  // By name alone, a flag beside it would not count.
  const whole = /\p{RI}/u.test(text) ? undefined : countryOf(text);
  return whole ?? (text.length <= longestName ? countryWithin(text) : undefined);
}

/** Longer cells name no country. */
const longestName = 100;

function countryOf(text: string): string | undefined {
  const code = text.toUpperCase();
  if (code === "UK") return "GB";
  if (isCountry(code)) return code;
  const known = alpha3.get(code);
  if (known !== undefined) return known;
  names ??= namesOfCountries();
  return names.get(nameKey(text));
}

/** The country of a cell that says it in two ways, or says more than the country. */
function countryWithin(text: string): string | undefined {
  const flag = /\p{RI}{2}/u.exec(text)?.[0];
  if (flag !== undefined) {
    const code = [...flag].map((letter) => String.fromCharCode((letter.codePointAt(0) ?? 0) - regionalA + 65)).join("");
    const rest = text.replace(flag, "");
    return rest === "" || countryNamed(rest) === code ? countryOf(code) : undefined;
  }
  const locale = /^[a-z]{2,3}[-_](?:[A-Z][a-z]{3}[-_])?([A-Z]{2})(?:\.utf-?8)?$/i.exec(text)?.[1];
  if (locale !== undefined && isCountry(locale.toUpperCase())) return locale.toUpperCase();
  const [, one = "", other = ""] = /^(.+?)\s*(?:[(/:|]|\s[-–—]\s|\s-|-\s)\s*([^()]+?)\s*\)?$/.exec(text) ?? [];
  const [first, second] = [countryOf(one), countryOf(other)];
  if (first !== undefined && first === second) return first;
  // "Indianapolis, IN" is in no country's code's country.
  const last = /(?<=,\s*)[^,\s][^,]{3,}$/.exec(text)?.[0];
  return last === undefined ? undefined : countryOf(last);
}

/** The first of the letters that make up flags. */
const regionalA = 0x1f1e6;

/** Names are the same whatever their case, accents, blanks and punctuation. */
const nameKey = (name: string) =>
  name
    .normalize("NFKD")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

function namesOfCountries(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const countries = letters.flatMap((one) => letters.map((other) => one + other)).filter(isCountry);
  const namers = (style: "long" | "short") =>
    languages.map((language) => new Intl.DisplayNames([language], { type: "region", style }));
  const [inFull, inShort] = [namers("long"), namers("short")];
  for (const country of countries) {
    const all = shortened.has(country) ? [...inFull, ...inShort] : inFull;
    // Each name once: a country has the same one in many languages, and every list waits for this.
    for (const name of new Set(all.map((names) => names.of(country) ?? ""))) {
      const key = nameKey(name);
      if (key === "") continue;
      // A name that means different countries in different languages means none.
      found.set(key, (found.get(key) ?? country) === country ? country : "");
    }
  }
  for (const [name, country] of synonyms) found.set(name, country);
  return new Map([...found].filter(([, country]) => country !== ""));
}
