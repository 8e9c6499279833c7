import {
  dialledWithin,
  type NumberCheck,
  type NumberingPlan,
  plansOf,
  saysHowDialled,
  usualGroups,
} from "../numbering-plan.ts";
import { type NumberMeaning, type PublicNumber, readNumber } from "../read-number.ts";
import { quoted } from "../shorten.ts";
import { plainNumber } from "./destination.ts";
import { readNumberCell } from "./number-cell.ts";
import { type Invalid, invalid } from "./problem.ts";
import { endOfNumber, isClearRemark, writtenNumber } from "./set-apart.ts";

/** How cells are read as numbers of the public network. */
export interface PublicReading {
  /** The country of numbers without a country code. */
  readonly plan: NumberingPlan | undefined;
  readonly check: NumberCheck;
  /** Digits that stand in a column of their own before the number: a dialling code's area. */
  readonly area?: string;
  /** Digits without a plus sign are the country's own. */
  readonly homeOnly?: boolean;
}

/** Reads a cell as a number of the public network. */
export function readPublicNumber(
  cell: string,
  { plan, check, area = "", homeOnly }: PublicReading,
): PublicNumber | Invalid {
  const example = () => quoted(cell.trim());
  const read = (text: string, strictness: NumberCheck): NumberMeaning => {
    const written = plainNumber.test(text)
      ? { plus: text[0] === "+", digits: text[0] === "+" ? text.slice(1) : text, head: text.length }
      : writtenNumber(text);
    const { plus, digits, head } = written;
    return readNumber(
      plus ? written : { ...written, digits: area + digits, head: area.length + head },
      plan,
      strictness,
      homeOnly,
    );
  };
  const found = readNumberCell(cell);
  if (found.kind === "invalid") return found;
  let { text } = found;
  if (!plainNumber.test(text)) {
    if (!/^[(\s]*\+?[\d().\s/-]+$/.test(text)) {
      return invalid("The number has characters that cannot be dialled", example());
    }
    const strict = (part: string) => readBracketedZero(part, (written) => read(written, "valid"));
    const isUsual = (part: string) => isUsuallyGrouped(part, strict(part));
    const end = endOfNumber(text, (part) => meansNumber(strict(part)), isUsual);
    if (end.kind === "second-number") {
      return invalid("There is more than one number in the cell; give each its own row", example());
    }
    if (end.kind === "doubtful") return invalid(setApart, example());
    // The digits may be the end of the number as well: only what is impossible as a whole, or one digit that stands in
    // brackets or behind the only dash, is a remark behind it.
    if (end.kind === "remark" && !isClearRemark(text) && meansNumber(strict(text))) return invalid(setApart, example());
    if (end.kind === "part" && endsOtherwise(text, strict)) return invalid(setApart, example());
    if (end.kind === "remark") text = end.number;
  }
  const meaning = readBracketedZero(text, (written) => read(written, check));
  switch (meaning.kind) {
    case "number":
      return check === "valid" && isPlaceholder(text, meaning) ? invalid(placeholder, example()) : meaning;
    case "ambiguous":
      return invalid(
        `The cell could mean two numbers; write the right one with + and its country code`,
        `${example()} as ${meaning.numbers.join(" or ")}`,
      );
    case "none":
      return invalid(/^\D*0{6,}\D*$/.test(text) ? placeholder : whyNone(meaning), example());
    default:
      return meaning satisfies never;
  }
}

/** Whether somebody has this number, even if it would have to be written with a plus sign. */
const meansNumber = (meaning: NumberMeaning) => meaning.kind !== "none" || meaning.why === "no-plus";

/** Whether a number that is one stands in the groups in which it is usually written; also where that is not known. */
function isUsuallyGrouped(text: string, meaning: NumberMeaning): boolean {
  if (meaning.kind !== "number") return meansNumber(meaning);
  const usual = usualGroups(meaning.callingCode, meaning.number.slice(meaning.callingCode.length + 1)).slice(1);
  const written = text.match(/\d+/g) ?? [];
  return usual.join(" ") === written.slice(written.length - usual.length).join(" ");
}

/**
 * Whether digits that seem to continue a number's groups make it another number: "226 70 12 34 56" is one of Burkina
 * Faso, and "226 70 12 34 56 12" could be one of Germany.
 */
function endsOtherwise(text: string, read: (text: string) => NumberMeaning): boolean {
  const rest = lastOfPairs.exec(text)?.[1];
  if (rest === undefined) return false;
  const without = read(rest);
  if (without.kind === "none") return without.why === "no-plus";
  const whole = read(text);
  if (whole.kind === "none") return false;
  const continues = (number: string) => whole.kind === "number" && whole.number.startsWith(number);
  return without.kind === "number" ? !continues(without.number) : !without.numbers.every(continues);
}

/** Whether international digits that lack their plus sign are a number only without the last one or two. */
export function endsApart(text: string): boolean {
  const rest = lastOfPairs.exec(text)?.[1];
  if (rest === undefined) return false;
  const read = (some: string) => readNumber({ ...writtenNumber(some), plus: true }, undefined, "valid");
  return read(rest).kind !== "none" && read(text).kind === "none";
}

const lastOfPairs = /^(.*\d)\D+\d{1,2}\D*$/;

/**
 * "+44 (0)7700 …": the zero in brackets is dialled only without the country code. Where numbers keep it, as in Italy, it
 * is part of the number; if both exist, nobody knows.
 */
function readBracketedZero(text: string, read: (text: string) => NumberMeaning): NumberMeaning {
  const match = bracketedZero.exec(text);
  if (match === null) return read(text);
  const without = read(`${match[1]}${text.slice(match[0].length)}`);
  const kept = read(text);
  if (without.kind === "none") return kept;
  if (kept.kind === "none") return without;
  if (without.kind === "ambiguous") return without;
  if (kept.kind === "ambiguous") return kept;
  return kept.number === without.number ? without : { kind: "ambiguous", numbers: [without.number, kept.number] };
}

const bracketedZero = /^((?:[(\s]*\+|[(\s]*00)[\d\s.)\-/]*)\(\s*0\s*\)/;

/** What is said of digits that may or may not belong to a number. */
export const setApart =
  "Some digits are set apart; write the number without them, or in one piece if they belong to it";

/** What is said of numbers that somebody typed to get past a form. */
export const placeholder = "This is a placeholder, not somebody's number";

/** Digits that are all the same, or count up from the beginning. */
export const isPlaceholderText = (digits: string): boolean =>
  digits.length >= 6 && (/^(\d)\1+$/.test(digits) || isCounting(digits));

/** Digits that count up from 0 or 1. From others, as 9012345678 in India, they are as good as any. */
const isCounting = (digits: string) => /^[01]/.test(digits) && "01234567890123456789".includes(digits);

/** Numbers that nobody has: all digits the same, or counting up without being a mobile's, as 012-345 6789 is in Malaysia. */
function isPlaceholder(text: string, { number, callingCode }: PublicNumber): boolean {
  const national = number.slice(callingCode.length + 1);
  const digits = text.replace(/\D/g, "");
  if (/^(\d)\1{5,}$/.test(national) || /^(\d)\1{5,}$/.test(digits)) return true;
  return isPlaceholderText(digits) && !plansOf(callingCode).some((plan) => plan.isMobile(national));
}

function whyNone({ why, plan }: Extract<NumberMeaning, { kind: "none" }>): string {
  switch (why) {
    case "no-country":
      return 'The number lacks its country code; say "country" in the options or write +…';
    case "no-plus":
      return plan === undefined
        ? 'The number lacks its country code, or the plus sign before it; say "country" in the options or write +…'
        : `${plan} has no such number; if it begins with another country's code, write it with +`;
    case "own-code":
      return `The number begins with ${plan}'s own country code, but has the wrong length behind it; if the code is part of the number, write its leading zero`;
    case "no-such-country":
      return "The number begins with a country code that does not exist";
    case "wrong-length":
      return `The number has the wrong length for ${plan}`;
    case "not-in-plan":
      return `${plan}'s numbering plan has no such number; if it exists, say "numberCheck": "length" in the options`;
    default:
      return why satisfies never;
  }
}

/** A number as it is dialled within its country; `undefined` for one of another country, or where the plan does not say. */
export function nationalForm({ number, callingCode, unlisted }: PublicNumber, plan: NumberingPlan): string | undefined {
  if (callingCode !== plan.callingCode) return undefined;
  const national = number.slice(callingCode.length + 1);
  if (unlisted && !saysHowDialled(plan, national)) return undefined;
  const digits = dialledWithin(plan, national);
  if (digits === undefined) return undefined;
  const again = readNumber({ plus: false, digits, head: digits.length }, plan, "length");
  return again.kind === "number" && again.number === number ? digits : undefined;
}
