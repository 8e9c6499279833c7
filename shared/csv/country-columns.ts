import { plansOf } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import { codeDoubt } from "./calling-code-by-cells.ts";
import { wordKey } from "./column-name.ts";
import { type CountryEvidence, countryDoubt } from "./country-by-cells.ts";
import { countryNamed } from "./country-names.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import type { Warnings } from "./warnings.ts";

/** The columns that say which country a row's number belongs to. */
export interface CountryColumns {
  readonly kind: "countries";
  readonly country: number | undefined;
  readonly callingCode: number | undefined;
  /** A column that may say it, though nothing in the first rows shows whether it does. */
  readonly doubtful: DoubtfulColumn | undefined;
}

/** A column that may say which country a row's number belongs to, and how it would say it. */
export interface DoubtfulColumn {
  readonly at: number;
  readonly role: CountryRole;
}

/** What is known of the columns whose country's column is looked for. */
export interface CountryClues extends CountryEvidence {
  /** Which columns have no other meaning. */
  readonly free: (at: number) => boolean;
  /** Whether the options leave open which column it is. */
  readonly undecided: (role: CountryRole) => boolean;
  readonly warnings: Warnings;
}

const words = (text: string) => new Set(text.split(/\s+/).map(wordKey));

/** Names that mean a country and nothing else. */
const countryNames =
  words(`country land pays pais paese nazione nation staat kraj maa zeme krajina orszag tara ulke страна χωρα
  countrycode countryiso isocountry isocountrycode countryname countryregion iso2 landcode landkod landskod landeskod landerkurzel
  landerkennzeichen landeskennzeichen landername codepays codigopais codicepaese phonecountry mobilecountry phonecountrycode`);

/** Names that mean the code dialled before a number. */
const callingNames =
  words(`dialcode diallingcode dialingcode callingcode countrycallingcode countrydialcode countrydialingcode phonecode
  phonecountrycode mobilecountrycode countrycode countryprefix phoneprefix mobileprefix dialprefix internationalprefix intcode intlcode
  isd isdcode idd landesvorwahl landervorwahl landervorwahlnummer vorwahl vorwahlland indicatif indicatifpays indicatiftelephonique
  prefijo prefijopais codigopais codigodepais ddi prefisso prefissointernazionale landnummer landnumber landskode kierunkowy
  numerkierunkowy predvolba areacode citycode stdcode ortsvorwahl`);

/** Names of those that may as well mean an area's code: only a plus sign shows which. */
const areaNames = words(
  `vorwahl ortsvorwahl areacode citycode stdcode prefijo prefisso indicatif predvolba kierunkowy numerkierunkowy`,
);

/** Names that mean it only when the cells show it. */
const doubtfulCallingNames = words("code prefix cc pre ccode codigo codice kod код area zone intl kodkraju 国番号");

/** Part of a name such as "Billing Country" or "Shipping country code". */
const countryLike =
  /country|(?:^|\W)land$|land\W*region|wohnland|herkunftsland|pays$|paese$|^(?:ctry|cntry|lkz|iso|market|territory)$/i;

/** Names of a country that somebody comes from, which need not be the number's. */
const originLike = /birth|origin|citizen|passport|geburt|herkunft|naissance|nacim|nascita|geboorte/i;

function isCallingCode(cell: string): boolean {
  const digits = /^(?:(?:\+|00)\s?)?(\d{1,4}(?:[-\s]\d{1,4})?)(?:\.0)?$/.exec(cell)?.[1]?.replace(/[-\s]/g, "") ?? "";
  // "0001" counts rows; North America's code may have an area's behind it.
  return plansOf(digits).length > 0 || (hasPlus(cell) && /^1[2-9]\d\d$/.test(digits));
}

const hasPlus = (cell: string) => /^(?:\+|00)/.test(cell);

/**
 * Finds the country's and the dialling code's column, by name and by what the first rows hold. Several of a kind are never
 * decided between.
 */
export function findCountryColumns(names: readonly string[], clues: CountryClues): CountryColumns | RefusedFile {
  const { first, number, free, undecided } = clues;
  const found = { country: [] as number[], callingCode: [] as number[] };
  const incomplete = first.of(number).some((cell) => !hasPlus(cell.replace(/^\(/, "")));
  for (const [at, name] of names.entries()) {
    if (!free(at)) continue;
    const named = roleOf(name, first.of(at), incomplete);
    const role = named === "country" && holdsCodes(at, clues) ? "callingCode" : named;
    if (role === "part-of-number") {
      if (!undecided("callingCode")) continue;
      return partOfNumber(name);
    }
    if (role !== undefined && undecided(role)) found[role].push(at);
  }
  for (const role of ["country", "callingCode"] as const) {
    const [one, two] = found[role];
    if (one === undefined || two === undefined) continue;
    const listed = found[role].map((at) => quoted(names[at]?.trim() ?? "", 40));
    return refused(
      `The columns ${listed.slice(0, -1).join(", ")} and ${listed.at(-1)} could all say ${role === "country" ? "which country" : "which dialling code"} a number belongs to. Say in the options which one is meant, such as "columns": {"${role}": ${JSON.stringify(names[one]?.trim())}}, or that none is: "columns": {"${role}": ""}.`,
    );
  }
  const [country] = found.country;
  const [callingCode] = found.callingCode;
  if (country !== undefined || callingCode !== undefined) {
    return { kind: "countries", country, callingCode, doubtful: undefined };
  }
  const code = undecided("callingCode") ? codeByCells(names, clues) : nothing;
  if (code.kind === "refused" || !undecided("country")) return code;
  const named = countryByCells(names, clues);
  return named.kind === "refused" || named.doubtful !== undefined ? named : code;
}

const nothing: CountryColumns = { kind: "countries", country: undefined, callingCode: undefined, doubtful: undefined };

const partOfNumber = (name: string) =>
  refused(
    `The column ${quoted(name.trim(), 40)} seems to hold the first part of the numbers. If it is the country's dialling code, say so in the options: "columns": {"callingCode": ${JSON.stringify(name.trim())}}. If it has nothing to do with the numbers: "columns": {"callingCode": ""}. Otherwise put the whole number into one column.`,
  );

/** Looks for a column of dialling codes under any name. */
function codeByCells(names: readonly string[], clues: CountryClues): CountryColumns | RefusedFile {
  let doubtful: DoubtfulColumn | undefined;
  for (const [at, name] of names.entries()) {
    const cells = clues.first.of(at);
    if (!clues.free(at) || cells.length === 0) continue;
    if (cells.filter(isCallingCode).length * 4 < cells.length * 3) continue;
    const doubt = codeDoubt(at, mayBeCallingCode(name), clues);
    if (doubt === "part") return partOfNumber(name);
    if (doubt === "watch") doubtful ??= { at, role: "callingCode" };
  }
  return { ...nothing, doubtful };
}

/** Whether a column of countries holds their dialling codes, and no numbers of another kind, as a database gives to its countries. */
const holdsCodes = (at: number, clues: CountryClues) =>
  clues.first.of(at).every((cell) => /^\d/.test(cell) && isCallingCode(cell)) &&
  clues.first.of(at).length > 0 &&
  codeDoubt(at, true, clues) !== "none";

/** Whether a name may mean a dialling code. */
function mayBeCallingCode(name: string): boolean {
  const key = wordKey(name);
  return callingNames.has(key) || doubtfulCallingNames.has(key);
}

/** Looks for a column that names countries under another name. */
function countryByCells(names: readonly string[], clues: CountryClues): CountryColumns | RefusedFile {
  let doubtful: DoubtfulColumn | undefined;
  for (const [at, name] of names.entries()) {
    if (!clues.free(at)) continue;
    const doubt = countryDoubt(name, at, clues);
    switch (doubt.kind) {
      case "ask":
        return refused(doubt.question);
      case "warn":
        clues.warnings.add("country-column-doubted", doubt.warning);
        break;
      case "watch":
        doubtful ??= { at, role: "country" };
        break;
      case "none":
        break;
      default:
        return doubt satisfies never;
    }
  }
  return { ...nothing, doubtful };
}

/** What a row's own country is given by. */
export type CountryRole = "country" | "callingCode";

function roleOf(
  name: string,
  cells: readonly string[],
  incomplete: boolean,
): CountryRole | "part-of-number" | undefined {
  const key = wordKey(name);
  const codes = cells.filter(isCallingCode).length;
  const digits = cells.filter((cell) => /^\D{0,2}\d[\d\s()-]{0,7}$/.test(cell)).length;
  const mostlyCodes = cells.length > 0 && codes * 2 > cells.length;
  if (callingNames.has(key)) {
    const withPlus = cells.filter(hasPlus).length * 2 > cells.length;
    if (mostlyCodes && (withPlus || !areaNames.has(key))) return "callingCode";
    if (digits * 2 > cells.length) return incomplete ? "part-of-number" : undefined;
    if (cells.length === 0 && !countryNames.has(key)) return "callingCode";
  }
  if (doubtfulCallingNames.has(key)) {
    // "44" may be anything's code, "+44" is a dialling code.
    return mostlyCodes && cells.filter(hasPlus).length * 2 > cells.length ? "callingCode" : undefined;
  }
  if (countryNames.has(key)) return "country";
  // Whatever its name, a column of "+39" beside numbers without one is the beginning of the numbers.
  if (incomplete && cells.length > 0 && cells.every((cell) => hasPlus(cell) && isCallingCode(cell))) {
    // "0030", "0031", "0032" count rows as well.
    const counts =
      cells.length > 1 && new Set(cells).size === cells.length && !cells.some((cell) => cell.startsWith("+"));
    return counts ? undefined : "part-of-number";
  }
  return countryLike.test(name) &&
    !originLike.test(name) &&
    cells.filter((cell) => countryNamed(cell) !== undefined).length * 2 > cells.length
    ? "country"
    : undefined;
}
