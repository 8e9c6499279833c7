import type { CountryCode } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.max.json";

/** How strictly numbers are held to their country's plan: one it has, or only one of a length it has. */
export type NumberCheck = "valid" | "length";

/** A country's numbering plan, or that of a calling code without countries. */
export interface NumberingPlan {
  readonly country: CountryCode | undefined;
  readonly callingCode: string;
  /** What is dialled before a number of another country. */
  readonly abroad: RegExp;
  readonly national: RegExp;
  /** Kinds of numbers (mobile, fixed line and so on), each with the lengths it has where those are its own. */
  readonly kinds: readonly { readonly pattern: RegExp; readonly lengths: readonly number[] | undefined }[];
  /** Whether national digits are a fixed line's, or may be. */
  readonly isFixedLine: (national: string) => boolean;
  /** Whether national digits are a mobile number's, as far as the plan tells mobiles and fixed lines apart. */
  readonly isMobile: (national: string) => boolean;
  readonly lengths: readonly number[];
  /** What is dialled before a number within the country, and what replaces it. */
  readonly trunk: { readonly prefix: RegExp; readonly replacement: string | undefined } | undefined;
  readonly leadingDigits: RegExp | undefined;
  /** How numbers are written within the country; empty where the main plan of the calling code says it. */
  readonly formats: readonly NumberFormatRule[];
}

interface NumberFormatRule {
  readonly pattern: RegExp;
  readonly leadingDigits: RegExp | undefined;
  readonly format: string;
}

/**
 * Numbers that regulators keep free for films and examples. Plans do not list them since nobody has them, which is why
 * a trial list is full of them.
 */
const fictional: ReadonlyMap<string, RegExp> = new Map([
  [
    "44",
    /^(?:77009\d{5}|1632960\d{3}|1(?:1[3-8]|21|[3-6]1)4960\d{3}|1914980\d{3}|2079460\d{3}|2896496\d{3}|2920180\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})$/,
  ],
]);

const plans = new Map<string, NumberingPlan>();

/** The plan of a country by its ISO code; `undefined` for what is no country with a telephone network. */
export function planOf(country: string): NumberingPlan | undefined {
  const known = plans.get(country);
  if (known !== undefined) return known;
  if (!isCountry(country)) return undefined;
  const plan = readPlan(metadata.countries[country] ?? [], country);
  plans.set(country, plan);
  return plan;
}

/** Whether this is the code of a country that has a numbering plan, which is not read for it. */
export const isCountry = (country: string): country is CountryCode => Object.hasOwn(metadata.countries, country);

const byCallingCode = new Map<string, readonly NumberingPlan[]>();

/** The plans that share a calling code, the main one first; none for a code that does not exist. */
export function plansOf(callingCode: string): readonly NumberingPlan[] {
  const known = byCallingCode.get(callingCode);
  if (known !== undefined) return known;
  const countries = Object.hasOwn(metadata.country_calling_codes, callingCode)
    ? (metadata.country_calling_codes[callingCode] ?? [])
    : [];
  const found = countries.flatMap((country) => planOf(country) ?? []);
  const elsewhere = Object.hasOwn(metadata.nonGeographic, callingCode)
    ? metadata.nonGeographic[callingCode]
    : undefined;
  const all = elsewhere === undefined ? found : [readPlan(elsewhere, undefined)];
  // What is no calling code is not kept: there is no end to those.
  if (all.length > 0) byCallingCode.set(callingCode, all);
  return all;
}

/** The calling code that international digits begin with: no code is the beginning of another. */
export function callingCodeOf(digits: string): string | undefined {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    if (plansOf(code).length > 0) return code;
  }
  return undefined;
}

/** Whether a plan of the calling code has this number, given without trunk prefix. */
export function isInPlan(callingCode: string, national: string): boolean {
  return (
    plansOf(callingCode).some((plan) => has(plan, national)) || fictional.get(callingCode)?.test(national) === true
  );
}

/** Whether a plan of the calling code has numbers of this length. */
export const hasLength = (callingCode: string, national: string): boolean =>
  plansOf(callingCode).some(({ lengths }) => lengths.includes(national.length));

/**
 * The country (ISO code) of a number in E.164, as libphonenumber tells it. `undefined` where no country has it (numbers
 * such as +800), or where countries share the calling code and no plan of theirs lists it.
 */
export function countryOfNumber(number: string): string | undefined {
  const digits = number.slice(1);
  const code = number[0] === "+" ? callingCodeOf(digits) : undefined;
  if (code === undefined) return undefined;
  const plans = plansOf(code);
  const national = digits.slice(code.length);
  const listed = plans.find((plan) => has(plan, national));
  if (listed !== undefined) return listed.country;
  return plans.length === 1 || fictional.get(code)?.test(national) === true ? plans[0]?.country : undefined;
}

/** Calling codes of countries whose mobile numbers have an area's code too, as libphonenumber knows them. */
const mobilesWithAreas: ReadonlySet<string> = new Set(["52", "54", "55", "62", "86"]);

/** Where a number in E.164 may be. */
export interface NumberPlace {
  readonly callingCode: string;
  /** Whether the number says where in its country it is: fixed lines do, and mobiles where they have an area's code. */
  readonly hasArea: boolean;
  /** Whether its calling code belongs to no country, such as +800. */
  readonly anywhere: boolean;
}

/** Where a number in E.164 may be, by libphonenumber's rule; `undefined` for what has no calling code. */
export function placeOfNumber(number: string): NumberPlace | undefined {
  const digits = number.slice(1);
  const callingCode = number[0] === "+" ? callingCodeOf(digits) : undefined;
  if (callingCode === undefined) return undefined;
  const national = digits.slice(callingCode.length);
  const hasArea = plansOf(callingCode).some(
    (plan) =>
      has(plan, national) &&
      (plan.isFixedLine(national) || (mobilesWithAreas.has(callingCode) && plan.isMobile(national))),
  );
  return { callingCode, hasArea, anywhere: Object.hasOwn(metadata.nonGeographic, callingCode) };
}

/** National digits without the trunk prefix; `undefined` where there is none. */
export function withoutTrunk(plan: NumberingPlan, digits: string): string | undefined {
  if (plan.trunk === undefined) return undefined;
  const { prefix, replacement } = plan.trunk;
  const match = prefix.exec(digits);
  if (match === null || match[0] === "") return undefined;
  const last = match.at(-1);
  if (replacement !== undefined && last !== undefined) return digits.replace(prefix, replacement);
  return digits.slice(match[0].length);
}

/** What stood between calling code and number, or was dialled before a number, until its plan changed, and still stands in lists. */
const formerMarks: ReadonlyMap<string, RegExp> = new Map([["52", /^(?:1|01|04[45])(?=\d{10}$)/]]);

/** National digits, behind their calling code, without the mark that mobile numbers once had there; `undefined` where there is none. */
export function withoutFormerMark(callingCode: string, digits: string): string | undefined {
  const mark = formerMarks.get(callingCode)?.exec(digits)?.[0];
  return mark === undefined ? undefined : digits.slice(mark.length);
}

/**
 * The number that a national one may also be where zeros are part of some numbers. A spreadsheet may have taken the zero
 * away: 0331 123456 is a fixed line in Italy, and 331 123456 one of the few mobiles that are shorter than the others. Or
 * it was only dialled before the number.
 */
export function withOtherZero(plan: NumberingPlan, national: string): string | undefined {
  if (national[0] === "0") {
    const bare = national.slice(1);
    return has(plan, national) && has(plan, bare) && dialledWithin(plan, bare) === national ? bare : undefined;
  }
  const whole = `0${national}`;
  if (!has(plan, whole)) return undefined;
  const usual = plan.kinds.some(
    ({ pattern, lengths }) => Math.max(...(lengths ?? plan.lengths)) === national.length && pattern.test(national),
  );
  return usual ? undefined : whole;
}

/**
 * A number of the plan's calling code as it is dialled within the country: digits only, with the trunk prefix where one
 * is dialled. `undefined` for a number of another country with the same code.
 */
export function dialledWithin(plan: NumberingPlan, national: string): string | undefined {
  const plans = plansOf(plan.callingCode);
  if (!has(plan, national) && plans.some((other) => has(other, national))) return undefined;
  return formatted(plan, national).replace(/\D/g, "");
}

/** The groups of digits in which a number of the calling code is usually written within its country. */
export const usualGroups = (callingCode: string, national: string): readonly string[] =>
  plansOf(callingCode)
    .slice(0, 1)
    .flatMap((plan) => formatted(plan, national).match(/\d+/g) ?? []);

/** Whether the plan says how a number is dialled within the country; where it does not, a trunk prefix may be missing. */
export const saysHowDialled = (plan: NumberingPlan, national: string): boolean =>
  plan.trunk === undefined || ruleFor(plan, national) !== undefined;

function formatted(plan: NumberingPlan, national: string): string {
  const rule = ruleFor(plan, national);
  return rule === undefined ? national : national.replace(rule.pattern, rule.format);
}

function ruleFor(plan: NumberingPlan, national: string): NumberFormatRule | undefined {
  const [main = plan] = plansOf(plan.callingCode);
  const { formats } = plan.formats.length > 0 ? plan : main;
  return formats.find(
    ({ pattern, leadingDigits }) => leadingDigits?.test(national) !== false && pattern.test(national),
  );
}

function has(plan: NumberingPlan, national: string): boolean {
  if (plan.leadingDigits !== undefined && !plan.leadingDigits.test(national)) return false;
  if (!plan.lengths.includes(national.length) || !plan.national.test(national)) return false;
  return plan.kinds.some(
    ({ pattern, lengths }) => (lengths === undefined || lengths.includes(national.length)) && pattern.test(national),
  );
}

/** Where libphonenumber-js keeps what is used here of a plan (version 4 of its metadata). */
const at = {
  callingCode: 0,
  abroad: 1,
  national: 2,
  lengths: 3,
  formats: 4,
  prefix: 5,
  rule: 6,
  parsed: 7,
  replaced: 8,
  leading: 10,
  kinds: 11,
};

/** Where mobile numbers are among the kinds; fixed lines come before them. */
const mobileKind = 1;

function readKind(kind: unknown): NumberingPlan["kinds"][number] | undefined {
  const [pattern, lengths] = listOf(kind);
  const text = textOf(pattern);
  return text === undefined ? undefined : { pattern: whole(text), lengths: numbersOf(lengths) };
}

function readPlan(fields: readonly unknown[], country: CountryCode | undefined): NumberingPlan {
  const prefix = textOf(fields[at.parsed]) ?? textOf(fields[at.prefix]);
  const leading = textOf(fields[at.leading]);
  const kinds = listOf(fields[at.kinds]);
  const mobile = readKind(kinds[mobileKind]);
  const fixedLine = readKind(kinds[0]);
  return {
    country,
    callingCode: textOf(fields[at.callingCode]) ?? "",
    abroad: beginning(textOf(fields[at.abroad]) ?? "00"),
    national: whole(textOf(fields[at.national]) ?? ""),
    lengths: numbersOf(fields[at.lengths]) ?? [],
    kinds: kinds.flatMap((kind) => readKind(kind) ?? []),
    isFixedLine: (national) =>
      fixedLine?.pattern.test(national) === true && fixedLine.lengths?.includes(national.length) !== false,
    isMobile: (national) =>
      mobile?.pattern.test(national) === true && mobile.lengths?.includes(national.length) !== false,
    trunk: prefix === undefined ? undefined : { prefix: beginning(prefix), replacement: textOf(fields[at.replaced]) },
    formats: listOf(fields[at.formats]).map((format) => readFormat(listOf(format), textOf(fields[at.rule]))),
    leadingDigits: leading === undefined ? undefined : beginning(leading),
  };
}

function readFormat(fields: readonly unknown[], ofPlan: string | undefined): NumberFormatRule {
  const leading = textOf(listOf(fields[2]).at(-1));
  const rule = textOf(fields[3]) ?? ofPlan;
  const format = textOf(fields[1]) ?? "";
  return {
    pattern: whole(textOf(fields[0]) ?? ""),
    leadingDigits: leading === undefined ? undefined : beginning(leading),
    // The rule stands in place of the first group: "0$1" for "$1 $2".
    format: rule === undefined ? format : format.replace(/\$\d/, (group) => rule.replace("$1", group)),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const numbersOf = (value: unknown) => (Array.isArray(value) ? value.map(Number) : undefined);
const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const beginning = (pattern: string) => new RegExp(`^(?:${pattern})`);
