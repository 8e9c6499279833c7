import {
  callingCodeOf,
  dialledWithin,
  hasLength,
  isInPlan,
  type NumberCheck,
  type NumberingPlan,
  plansOf,
  withOtherZero,
  withoutFormerMark,
  withoutTrunk,
} from "./numbering-plan.ts";

/** A number of the public network in E.164, with its calling code. */
export interface PublicNumber {
  readonly kind: "number";
  readonly number: string;
  readonly callingCode: string;
  /** The plan has numbers of this length, but not this one. */
  readonly unlisted: boolean;
}

/** What digits may mean: one number, several different ones, or none. `plan`: whose numbering plan lacks it, where that is clear. */
export type NumberMeaning =
  | PublicNumber
  | { readonly kind: "ambiguous"; readonly numbers: readonly string[] }
  | {
      readonly kind: "none";
      readonly why: "no-country" | "no-plus" | "own-code" | "no-such-country" | "wrong-length" | "not-in-plan";
      readonly plan?: string;
    };

/** How digits were written. */
export interface WrittenNumber {
  readonly plus: boolean;
  readonly digits: string;
  /** How many digits stand before the first separator; all of them without one. */
  readonly head: number;
}

/**
 * Reads digits in every way they can be meant: as a number of `home`, and as one with its country code, with or without
 * the plus sign. What only one reading finds in a plan is meant; when two find different numbers, that is for the
 * reader to say. `homeOnly`: without a plus sign it cannot be a number of another country.
 */
export function readNumber(
  { plus, digits, head }: WrittenNumber,
  home: NumberingPlan | undefined,
  check: NumberCheck,
  homeOnly = false,
): NumberMeaning {
  const found = new Map<string, string>();
  let foreign: string | undefined;
  const note = (callingCode: string, national: string | undefined) => {
    if (national !== undefined) found.set(`+${callingCode}${national}`, callingCode);
  };
  const abroad = plus ? [digits] : dialledAbroad(digits, home);
  for (const international of abroad) noteInternational(international, isInPlan, note);
  if (!plus) {
    if (home !== undefined) {
      // Behind a calling code such a mark may be a 1, with which other countries' numbers begin.
      const former = digits[0] === "0" ? withoutFormerMark(home.callingCode, digits) : undefined;
      for (const national of [digits, withoutTrunk(home, digits), former]) {
        if (national !== undefined && isInPlan(home.callingCode, national)) note(home.callingCode, national);
      }
      if (found.size > 0) note(home.callingCode, withOtherZero(home, digits));
    }
    const code = digits[0] === "0" || home === undefined ? undefined : callingCodeOf(digits);
    if (code !== undefined && code === home?.callingCode) noteInternational(digits, isInPlan, note);
    // "321 234 5678" does not begin with +32: nobody sets a country code apart within itself.
    else if (!homeOnly && (head === digits.length || head === code?.length)) {
      noteInternational(digits, isInPlan, (other, national) => {
        if (national !== undefined) foreign = `+${other}${national}`;
      });
    }
  }
  if (found.size === 0 && check === "length") noteByLength(digits, abroad, home, note);
  const setApart = head !== digits.length && head !== home?.callingCode.length;
  const fixed = setApart ? undefined : fixedLineBesideMobile(digits, found, home);
  if (fixed !== undefined) found.delete(fixed);
  const [first, ...others] = found;
  if (first === undefined && foreign !== undefined) return { kind: "none", why: "no-plus", plan: home && nameOf(home) };
  if (first === undefined) return nothing(digits, abroad, home);
  const [number, callingCode] = first;
  const national = number.slice(callingCode.length + 1);
  // Written just as it is dialled in the country that the list names, it is that country's: ten digits of a list of the
  // United States do not become Belgian because they could begin with 32. So is a mobile whose leading zero a spreadsheet
  // took away; a fixed line without it is not, for hardly anybody texts one.
  const atHome =
    home !== undefined &&
    callingCode === home.callingCode &&
    ((head === digits.length && home.isMobile(national)) || dialledWithin(home, national) === digits);
  if (others.length > 0 || (foreign !== undefined && !atHome)) {
    return { kind: "ambiguous", numbers: [...found.keys(), ...(foreign === undefined ? [] : [foreign])] };
  }
  if (!plus && !setApart && callingCode === home?.callingCode && isOwnCode(digits, national, home)) {
    return { kind: "none", why: "own-code", plan: nameOf(home) };
  }
  const unlisted = check === "length" && !isInPlan(callingCode, national);
  return { kind: "number", number, callingCode, unlisted };
}

/**
 * The other reading of digits that are a mobile number behind the country's own code: a fixed line without its trunk prefix,
 * which people hardly write and no text reaches. Loose plans, such as Germany's, have one for nearly every mobile number.
 */
function fixedLineBesideMobile(
  digits: string,
  found: ReadonlyMap<string, string>,
  home: NumberingPlan | undefined,
): string | undefined {
  if (home === undefined || found.size !== 2 || !digits.startsWith(home.callingCode)) return undefined;
  const withCode = digits.slice(home.callingCode.length);
  const fixed = `+${home.callingCode}${digits}`;
  return home.isMobile(withCode) && lacksTrunk(digits, home) ? fixed : undefined;
}

/**
 * Whether digits begin with the country's own code, and are a number only as a fixed line without its trunk prefix. Rather, a
 * mobile behind its country code has a digit too few or too many, which loose plans take for somebody's fixed line.
 */
const isOwnCode = (digits: string, national: string, home: NumberingPlan) =>
  national === digits && digits.startsWith(home.callingCode) && lacksTrunk(digits, home);

/** Whether a country's number is a fixed line's that is written without its trunk prefix. */
const lacksTrunk = (national: string, home: NumberingPlan) =>
  !home.isMobile(national) && dialledWithin(home, national) !== national;

type Note = (callingCode: string, national: string | undefined) => void;
type Accepts = (callingCode: string, national: string) => boolean;

/** The main plan of the calling code that international digits begin with. */
function planBehind(digits: string): NumberingPlan | undefined {
  const code = callingCodeOf(digits);
  return code === undefined ? undefined : plansOf(code)[0];
}

const nameOf = ({ country, callingCode }: NumberingPlan) => country ?? `+${callingCode}`;

/** International digits; a trunk prefix that does not belong there is left out if the number exists only without it. */
function noteInternational(digits: string, accepts: Accepts, note: Note): void {
  const plan = planBehind(digits);
  if (plan === undefined) return;
  const code = plan.callingCode;
  const national = digits.slice(code.length);
  if (accepts(code, national)) {
    note(code, national);
    return;
  }
  const bare = withoutTrunk(plan, national) ?? withoutFormerMark(code, national);
  if (bare !== undefined && accepts(code, bare)) note(code, bare);
}

/** The digits after what is dialled to reach another country: what `home` has, 0011 in Australia, and 00 nearly everywhere. */
function dialledAbroad(digits: string, home: NumberingPlan | undefined): readonly string[] {
  const prefix = home?.abroad.exec(digits)?.[0];
  const own = prefix === undefined ? [] : [digits.slice(prefix.length)];
  return digits.startsWith("00") ? [...own, digits.slice(2)] : own;
}

function noteByLength(digits: string, abroad: readonly string[], home: NumberingPlan | undefined, note: Note): void {
  for (const international of abroad) noteInternational(international, hasLength, note);
  if (home === undefined || abroad[0] === digits) return;
  const code = home.callingCode;
  const bare = withoutTrunk(home, digits);
  const national = bare ?? digits;
  if (hasLength(code, national)) note(code, national);
  if (bare === undefined && digits.startsWith(code)) noteInternational(digits, hasLength, note);
}

function nothing(
  digits: string,
  [abroad]: readonly string[],
  home: NumberingPlan | undefined,
): Extract<NumberMeaning, { kind: "none" }> {
  if (abroad === undefined) return home === undefined ? { kind: "none", why: "no-country" } : unfit(home, digits);
  const plan = planBehind(abroad);
  return plan === undefined
    ? { kind: "none", why: "no-such-country" }
    : unfit(plan, abroad.slice(plan.callingCode.length));
}

/** Why a plan does not have a number. */
function unfit(plan: NumberingPlan, national: string): Extract<NumberMeaning, { kind: "none" }> {
  const fits = [national, withoutTrunk(plan, national)].some(
    (some) => some !== undefined && hasLength(plan.callingCode, some),
  );
  return { kind: "none", why: fits ? "not-in-plan" : "wrong-length", plan: nameOf(plan) };
}
