import type { Options } from "../campaign/options.ts";
import { plainNumberText } from "../number-text.ts";
import { callingCodeOf, type NumberCheck, type NumberingPlan, planOf, plansOf } from "../numbering-plan.ts";
import type { PublicNumber } from "../read-number.ts";
import { quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import { countryNamed } from "./country-names.ts";
import type { Destination, NumberHints, ReadNumber } from "./destination.ts";
import { dialledNumber } from "./dialled-number.ts";
import { type Invalid, invalid } from "./problem.ts";
import { nationalForm, readPublicNumber } from "./public-number.ts";
import { type RefusedFile, refused } from "./refused-file.ts";

/** How numbers are handed to Enswitch. */
export type NumberFormat = NonNullable<Options["numberFormat"]>;

/** The reader for a format and country, or a sentence saying what to change in the options. */
export type NumberReader = { readonly kind: "reader"; readonly read: ReadNumber } | RefusedFile;

/**
 * A reader of number cells. `as-is` accepts anything a telephone could dial, and so does `digits` without a country;
 * the others need numbers of the public network. Without a format, numbers are handed on in E.164 where a country is
 * known, and otherwise as they are, if they are long enough for numbers of the public network.
 */
export function createNumberReader(
  format: NumberFormat | undefined,
  country: string | undefined,
  check: NumberCheck = "valid",
): NumberReader {
  if (country === undefined && format === "national") {
    return refused('"numberFormat": "national" needs "country" in the options, such as "country": "GB".');
  }
  const plan = country === undefined ? undefined : planOf(country);
  if (country !== undefined && plan === undefined) {
    const meant = countryNamed(country);
    return refused(
      `"country": ${quoted(country)} is not a country with a telephone network. ${meant === undefined ? 'Use an ISO code such as "GB".' : `Did you mean ${quoted(meant)}?`}`,
    );
  }
  const own = readerOf(format, plan, check);
  const byRow = readingByRow(format, plan, check);
  return {
    kind: "reader",
    read: (cell, row) => (row === undefined || saysNothing(row) ? own(cell) : byRow(cell, row)),
  };
}

const saysNothing = ({ country = "", callingCode = "" }: NumberHints) =>
  (country.trim() === "" || isUnknown(country.trim())) && (callingCode.trim() === "" || isUnknown(callingCode.trim()));

/** "N/A" and the like, but for NA, which is Namibia. */
const isUnknown = (cell: string) => isEmptyToken(cell) && countryNamed(cell) === undefined;

/** Reads cells that nothing but the options says more about. */
function readerOf(format: NumberFormat | undefined, plan: NumberingPlan | undefined, check: NumberCheck): ReadNumber {
  if (plan === undefined && (format === undefined || format === "digits")) return dialledNumber(format ?? "any", check);
  if (format === "as-is") return asIs(plan);
  const handOn = handingOn(format ?? "e164", plan);
  return (cell) => {
    const found = readPublicNumber(cell, { plan, check, homeOnly: format === "national" });
    if (found.kind === "invalid") return found;
    return handOn(found, cell);
  };
}

/** Leaves numbers as they are; those that have an E.164 form are told apart by it. */
function asIs(plan: NumberingPlan | undefined): ReadNumber {
  const dial = dialledNumber("as-is", "length");
  return (cell) => {
    const dialled = dial(cell);
    if (dialled.kind === "invalid") return dialled;
    // Dialled without a plus sign it stays in the country, even if it could be another one's number written with it.
    const standard = readPublicNumber(cell, { plan, check: "length", homeOnly: true });
    return standard.kind === "invalid" ? dialled : { ...dialled, identity: standard.number };
  };
}

type HandOn = (found: PublicNumber, cell: string) => Destination | Invalid;

function handingOn(format: Exclude<NumberFormat, "as-is">, plan: NumberingPlan | undefined): HandOn {
  const country = plan?.country;
  return (found, cell) => {
    const { number, unlisted } = found;
    const doubt = unlisted ? "unlisted" : undefined;
    switch (format) {
      case "e164":
        return { kind: "destination", cnumber: number, identity: number, doubt };
      case "digits":
        return { kind: "destination", cnumber: number.slice(1), identity: number, doubt };
      case "national": {
        const cnumber = plan === undefined ? undefined : nationalForm(found, plan);
        if (cnumber !== undefined) return { kind: "destination", cnumber, identity: number, doubt };
        const why =
          unlisted && found.callingCode === plan?.callingCode
            ? `${country}'s numbering plan has no such number, so nobody can tell how it is dialled within the country; say "numberFormat": "e164" in the options`
            : `The number belongs to another country than ${country}`;
        return invalid(why, quoted(cell.trim()));
      }
      default:
        return format satisfies never;
    }
  };
}

/** What a row's own country and dialling code come to. */
type RowPlan =
  | { readonly kind: "plan"; readonly plan: NumberingPlan; readonly area?: string; readonly named: boolean }
  | Invalid;

/** Most combinations of a country and a dialling code that are remembered. */
const rowPlansKept = 1000;

/** Reads cells by what their rows say of country and dialling code; as-is could not hand that on, so those become E.164. */
function readingByRow(
  format: NumberFormat | undefined,
  plan: NumberingPlan | undefined,
  check: NumberCheck,
): ReadNumber {
  const known = new Map<string, RowPlan>();
  const shape = format === undefined || format === "as-is" ? "e164" : format;
  const handOn = handingOn(shape, plan);
  const asItIs = format === "as-is" ? asIs(plan) : undefined;
  return (cell, { country = "", callingCode = "" } = {}) => {
    const key = `${country}\n${callingCode}`;
    const own = known.get(key) ?? planOfRow({ country, callingCode });
    if (known.size >= rowPlansKept) known.clear();
    known.set(key, own);
    if (own.kind === "invalid") {
      // A number that has its country code needs nobody to say whose it is.
      const complete = readPublicNumber(cell, { plan: undefined, check });
      return complete.kind === "invalid" ? own : handOn(complete, cell);
    }
    if (asItIs !== undefined && own.named && own.plan === plan) return asItIs(cell);
    const found = readPublicNumber(cell, { plan: own.plan, check, area: own.area, homeOnly: true });
    if (found.kind === "invalid") return found;
    if (found.callingCode === own.plan.callingCode) return handOn(found, cell);
    if (!own.named) {
      const code = callingCode.trim() === "" ? country : callingCode;
      return invalid("The number and its dialling code contradict each other", quoted(`${code} ${cell}`));
    }
    const handed = handOn(found, cell);
    return handed.kind === "invalid" ? handed : { ...handed, doubt: "other-country" };
  };
}

function planOfRow({ country = "", callingCode = "" }: NumberHints): RowPlan {
  const said = cellParts(country);
  const coded = cellParts(callingCode);
  const named = countryNamed(country) ?? countryNamed(said.words);
  if (named === undefined && said.words !== "") return unknownCountry(country);
  const beside = coded.words === "" ? named : countryNamed(coded.words);
  if (beside === undefined && coded.words !== "") return noSuchCode(callingCode);
  const both = () => invalid("The row's country and dialling code contradict each other", quoted(contradiction));
  const contradiction = [country, callingCode].filter((cell) => cell.trim() !== "").join(", ");
  if (named !== undefined && beside !== named) return both();
  const plan = beside === undefined ? undefined : planOf(beside);
  // "44" in a column of countries may be a database's number for one.
  const written = said.plus || said.words !== "" ? said.code : "";
  if (said.code !== written && said.code !== coded.code) return unknownCountry(country);
  const codes = [written, coded.code].filter((code) => code !== "");
  const [code] = codes;
  if (code === undefined) {
    if (plan !== undefined) return { kind: "plan", plan, named: true };
    return country.trim() === "" ? noSuchCode(callingCode) : unknownCountry(country);
  }
  const calling = /^\d{1,7}$/.test(code) ? callingCodeOf(code) : undefined;
  const main = calling === undefined ? undefined : plansOf(calling)[0];
  const area = calling === undefined ? "" : code.slice(calling.length);
  if (main === undefined || (area !== "" && calling !== "1")) {
    return coded.code === "" ? unknownCountry(country) : noSuchCode(callingCode);
  }
  if (codes.some((other) => other !== code) || (plan !== undefined && plan.callingCode !== calling)) return both();
  return { kind: "plan", plan: plan ?? main, area, named: false };
}

const unknownCountry = (cell: string) =>
  invalid('The row\'s country is not known; write its ISO code, such as "GB"', quoted(cell));
const noSuchCode = (cell: string) => invalid("The row's dialling code does not exist", quoted(cell));

/** The words and the dialling code of a cell such as "Italy (+39)", "39" or "Italy". */
interface CellParts {
  readonly words: string;
  readonly code: string;
  /** Whether the code is written with a plus sign, or with the zeros that stand for it. */
  readonly plus: boolean;
}

function cellParts(cell: string): CellParts {
  const text = plainNumberText(cell).replace(/^['=]+/, "");
  const digits = /(?:\+|00)?\s?\d[\d\s().+-]*(?:\.0(?!\d))?/.exec(text)?.[0] ?? "";
  const code = digits
    .replace(/\.0$/, "")
    .replace(/[\s().+-]/g, "")
    .replace(/^00/, "");
  const words = (digits === "" ? text : text.replace(digits, " ")).replace(/[\s()[\]+:,;"/–-]+/g, " ").trim();
  return { words, code, plus: /^(?:\+|00)/.test(digits.trim()) };
}
