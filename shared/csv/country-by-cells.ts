import { planOf } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import { wordKey } from "./column-name.ts";
import { countryNamed } from "./country-names.ts";
import type { ReadNumber } from "./destination.ts";
import { type FirstCells, firstCell } from "./first-cells.ts";
import { isSubdivision } from "./subdivisions.ts";

/** What to do about a column whose first cells all name countries although its own name is not one that says so. */
export type CountryDoubt =
  /** Its countries and the numbers go together: only a person can say what it means. */
  | { readonly kind: "ask"; readonly question: string }
  /** The numbers rather speak against it. */
  | { readonly kind: "warn"; readonly warning: string }
  /** The first rows do not show it: later ones may. */
  | { readonly kind: "watch" }
  | { readonly kind: "none" };

/** What the first rows are looked at with. */
export interface CountryEvidence {
  readonly first: FirstCells;
  /** The column of the numbers. */
  readonly number: number;
  /** Reads numbers as those of `home`, or of the country that a hint names. */
  readonly readNumber: ReadNumber;
  /** The country of numbers without a country code, where the options name one. */
  readonly home: string | undefined;
}

/** Names of columns in which two letters are a state, a language, a department or a form of address. */
const otherCodes =
  /^(?:us|home|mailing|billing|shipping)?(?:state|province|prov|county|st$|uf$)|provinz|provinci|kanton|canton|bundesland|estado|departe?ment|dept|abteilung|division|team|titl|anrede|salut|prefix|suffix|initial|lang|sprach|idioma|lingua|taal|sprak|sprog|kieli|jazyk|jezyk|consent|optin|optout|status/;

/** Names of columns that say where somebody is or comes from. */
const placeNames =
  /region|locat|locale|site|market|nation|destin|resid|origin|geo|territor|area|zone|branch|office|citizen|birth|passport|lieu|wohn|herkunft|standort|staat|geburt|naissance|nacim|nascita|ubicac|zona|luogo|sede|oblast|region|place|where|home|address|ort$/;

/**
 * Decides by what the numbers are: those that only the countries of their rows have speak for the column, those that only
 * `home` has speak against it. Two letters may be a state's as well, and are held to more than names are.
 */
export function countryDoubt(name: string, at: number, evidence: CountryEvidence): CountryDoubt {
  const { first, home } = evidence;
  const cells = first.of(at).filter((cell) => !isEmptyToken(cell));
  const codes = cells.every(isCode);
  const countries = cells.filter(saysCountry).length;
  // A name may be misspelt; what is no country's code shows that codes are something else.
  if (countries === 0 || countries < cells.length * (codes ? 1 : 0.75)) return { kind: "none" };
  const key = wordKey(name);
  if (codes && otherCodes.test(key)) return { kind: "none" };
  const states = home !== undefined && cells.every((cell) => isSubdivision(home, cell.toUpperCase()));
  const place = !codes || placeNames.test(key);
  const { atHome, elsewhere, both, example } = numbersOf(at, evidence);
  if (elsewhere + both === 0) return atHome === 0 && place && !states ? { kind: "watch" } : { kind: "none" };
  const against = atHome > 0 && atHome >= elsewhere;
  // One number that only a state's namesake has is more likely mistyped.
  const chance = states && elsewhere === 1;
  if (against || chance || (elsewhere <= both && (states || !place))) {
    return place && !states ? { kind: "warn", warning: doubtText(name, example, home) } : { kind: "none" };
  }
  return { kind: "ask", question: doubtText(name, example, home) };
}

/** Two letters as codes are written: "Mr" and "No" are none. */
const isCode = (cell: string) => /^(?:[A-Z]{2}|[a-z]{2})$/.test(cell);
const saysCountry = (cell: string) => (cell.length > 2 || isCode(cell)) && countryNamed(cell) !== undefined;

/** Whether a cell names a country whose numbers do not have the calling code of `home`. */
export function isElsewhere(cell: string, home: string | undefined): boolean {
  const code = callingCodeOf(countryNamed(cell));
  return code !== undefined && code !== callingCodeOf(home);
}

const callingCodeOf = (country: string | undefined) =>
  country === undefined ? undefined : planOf(country)?.callingCode;

/** How many numbers of rows that name another country than `home` only `home` has, only that country, or both have. */
function numbersOf(at: number, { first, number, readNumber, home }: CountryEvidence) {
  const found = { atHome: 0, elsewhere: 0, both: 0, example: "" };
  for (const { cells } of first.records) {
    const country = firstCell(cells, at);
    if (!isElsewhere(country, home)) continue;
    const cell = cells[number] ?? "";
    const own = readNumber(cell);
    const other = readNumber(cell, { country });
    // Without a country, digits are taken for anything.
    const isOwn = own.kind === "destination" && (home !== undefined || own.identity.startsWith("+"));
    const isOther = other.kind === "destination";
    if (isOwn && isOther && own.identity === other.identity) continue;
    if (isOther) found.example ||= country;
    if (isOwn && isOther) found.both++;
    else if (isOther) found.elsewhere++;
    else if (isOwn) found.atHome++;
  }
  return found;
}

function doubtText(name: string, example: string, home: string | undefined): string {
  const column = JSON.stringify(name.trim());
  const read =
    home === undefined ? "nothing else says whose the numbers are" : `the numbers would be read as ${home}'s`;
  return `The column ${quoted(name.trim(), 40)} names countries (${quoted(example)}), while ${read}. If it says which country a number belongs to, put this into the options: "columns": {"country": ${column}}. If it does not: "columns": {"country": ""}.`;
}
