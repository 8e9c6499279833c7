import { pipeline } from "node:stream/promises";
import type { Parser } from "csv-parse";
import { createBoundedParser, tooLargeInWords } from "../bounded-parser.ts";
import { bounds } from "../bounds.ts";
import { plainNumberText } from "../number-text.ts";
import { type NumberingPlan, planOf, withoutTrunk } from "../numbering-plan.ts";
import { optOutsInForce, optOutsKey, optOutText } from "../opt-outs/opt-out-list.ts";
import { suppressedBy } from "../opt-outs/recent-item.ts";
import type { Bucket } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";
import { type NumberMeaning, readNumber } from "../read-number.ts";
import { undoCalculation } from "../undo-calculation.ts";
import { abroadPrefixes } from "./abroad-prefixes.ts";
import { createNumberSet, type NumberSet } from "./number-set.ts";

/** A number that cannot be compared with a list, because one of them has a country code and the other has not. */
export class SuppressionError extends Error {
  override readonly name = "SuppressionError";
}

/** One list: every form of its numbers, and whether some have their country code, and some not. */
interface List {
  readonly key: string;
  readonly numbers: Pick<NumberSet, "has">;
  readonly count: number;
  readonly international: boolean;
  readonly national: boolean;
  /** Why somebody is on the list by which people opt out, by the forms of the number; other lists say nothing of that. */
  readonly detail?: (forms: readonly string[]) => string | undefined;
}

/** The numbers never to send to, as the lists under `suppression/` have them now. */
export type Suppressions =
  | {
      readonly kind: "lists";
      /** Of other lists another one. */
      readonly stamp: string;
      /**
       * Why a row's number is not sent to, in words that name the list; `undefined` when it may be. Throws a
       * SuppressionError when nobody can tell.
       */
      readonly detail: (cnumber: string, country: string | undefined) => string | undefined;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * Reads the suppression lists: the first column of every `suppression/*.csv`, as E.164 where the campaign's country is
 * known and as bare digits otherwise. A list that has not changed since the last reading is not read again. A list
 * that cannot be read stops the feed: sending without it could reach somebody who asked not to be. So do lists with more than `most`
 * numbers together.
 */
export function createSuppressions(bucket: Bucket, most: number = bounds.suppressed): () => Promise<Suppressions> {
  const cache = new Map<string, { stamp: string; list: List }>();

  return async () => {
    const lists: List[] = [];
    const tags: (readonly [key: string, tag: string])[] = [];
    let held = 0;
    const keys = (await Array.fromAsync(bucket.list(folders.suppression))).map(({ key }) => key).filter(isList);
    for (const gone of [...cache.keys()].filter((key) => !keys.includes(key))) cache.delete(gone);
    for (const key of keys) {
      try {
        // Size and time do not tell two versions apart that were stored within a second.
        const stamp = (await bucket.head(key))?.tag;
        const known = cache.get(key);
        if (stamp !== undefined && known?.stamp === stamp) {
          lists.push(known.list);
          tags.push([key, stamp]);
          held += known.list.count;
          continue;
        }
        // Not in memory together with the one that takes its place.
        cache.delete(key);
        const read = await readList(bucket, key, most - held);
        if (read === undefined) continue;
        held += read.list.count;
        cache.set(key, { stamp: read.tag, list: read.list });
        lists.push(read.list);
        tags.push([key, read.tag]);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return {
          kind: "unreadable",
          reason: `The suppression list ${key} cannot be read (${why}). Fix or remove it, then resume.`,
        };
      }
    }
    const stamp = JSON.stringify(tags);
    return { kind: "lists", stamp, detail: (cnumber, country) => reasonFor(lists, cnumber, country) };
  };
}

const isList = (key: string) => key.toLowerCase().endsWith(".csv");

/** The forms of one number that a list may have it in: its digits, and E.164 where that can be told. */
function formsOfNumber(
  number: string,
  country: string | undefined,
  meaning = meaningOf(number, country),
): readonly string[] {
  const { plus, digits } = bareNumber(number);
  const known = meaning.kind === "number" ? [meaning.number] : meaning.kind === "ambiguous" ? meaning.numbers : [];
  return [...new Set([digits, plus ? `+${digits}` : digits, ...known.flatMap((number) => [number, number.slice(1)])])];
}

/** The forms of an entry that is one number, however it is written. */
export const numberForms = (entry: string, country: string | undefined): readonly string[] => [
  ...new Set(spellings(entry).flatMap((number) => formsOfNumber(number, country))),
];

/**
 * The numbers in E.164, as digits, that a row's number may mean where its own digits do not show it: "+44 (0)7700 900001",
 * "07700 900001".
 */
export function numbersMeant(cnumber: string, country: string | undefined): readonly string[] {
  const meaning = meaningOf(cnumber, country);
  const numbers = meaning.kind === "number" ? [meaning.number] : meaning.kind === "ambiguous" ? meaning.numbers : [];
  const own = cnumber.replace(/\D/gu, "");
  return numbers.map((number) => number.slice(1)).filter((digits) => digits !== own);
}

/** Whether something in a cell of a list may be a number. */
export const hasDigits = (cell: string): boolean => /\d/u.test(plainNumberText(cell));

/** The entry without what spreadsheets make of it, and without a zero in brackets, which may not be dialled. */
function spellings(entry: string): readonly string[] {
  const plain = plainNumberText(entry).replace(/^[='"]+|(?<!["';,])["';,]+$/gu, "");
  const calculated = undoCalculation(plain);
  const text = calculated === "lost" ? plain : calculated;
  return [text, text.replace(/\(\s*0\s*\)/u, "")];
}

/**
 * The numbers that an entry of a list may mean. Where it can be read in several ways, each counts: it was written so that
 * somebody is left alone.
 */
function numbersIn(entry: string): readonly string[] {
  const [text = "", withoutZero = ""] = spellings(entry);
  const digitsOf = (part: string) => part.replace(/\D/gu, "").length;
  const separate = text.split(/[^\d+().\s-]+|[\n\r]+|\s(?=\+)/u).filter((part) => digitsOf(part) >= partDigits);
  const inOnePiece = text.split(/[^\d+]+/u).filter((part) => /^(?:\+|0)/u.test(part) && digitsOf(part) > partDigits);
  return [...new Set([text, withoutZero, ...separate, ...inOnePiece])];
}

/** Fewer digits beside others are an extension, a date or a remark. */
const partDigits = 7;

/** Plans change, and lists are kept for years: an entry counts whether or not its number is still in a plan. */
function meaningOf(number: string, country: string | undefined): NumberMeaning {
  const { plus, digits } = bareNumber(number);
  const plan = country === undefined ? undefined : planOf(country);
  return readNumber({ plus, digits, head: digits.length }, plan, "length", true);
}

function bareNumber(number: string): { readonly plus: boolean; readonly digits: string } {
  // "+00 44 …" has both signs of a number with its country code.
  const text = plainNumberText(number)
    .replace(/^\D*?(?=[+\d])/u, "")
    .replace(/^\+(?=00)/u, "");
  const plus = /^\+|^00/u.test(text);
  // "+44 (0)7700 …": the zero in brackets is dialled only without the country code.
  const bare = plus ? text.replace(/\(\s*0\s*\)/u, "").replace(/^00/u, "") : text;
  return { plus, digits: bare.replace(/\D/gu, "") };
}

function reasonFor(lists: readonly List[], cnumber: string, country: string | undefined): string | undefined {
  if (lists.length === 0) return undefined;
  const meaning = meaningOf(cnumber, country);
  const forms = [
    ...formsOfNumber(cnumber, country, meaning),
    ...nationalForms(meaning, country),
    ...formsDialledAbroad(meaning, country),
  ];
  const list = lists.find(({ numbers }) => forms.some((form) => numbers.has(form)));
  if (list !== undefined) return list.detail?.(forms) ?? suppressedBy(list.key);
  if (country === undefined) refuseIncomparable(lists, cnumber);
  return undefined;
}

/** Without a country, a number with a country code and one without may be the same, and nobody can tell. */
function refuseIncomparable(lists: readonly List[], cnumber: string): void {
  const written = countryCodeOf(cnumber);
  if (written === "international") {
    const list = lists.find(({ national }) => national);
    if (list === undefined) return;
    throw new SuppressionError(
      `The suppression list ${list.key} has numbers without a country code, and the campaign has no country, so nobody can tell whether they are in it. Write the list's numbers with + and their country code, then resume; or cancel the campaign, say "country" in its options and upload it again.`,
    );
  }
  if (written === "national") {
    const list = lists.find(({ international }) => international);
    if (list === undefined) return;
    throw new SuppressionError(
      `The campaign has numbers without a country code and no country, so nobody can tell whether they are on the suppression list ${list.key}. Cancel it, say "country" in its options (such as "country": "GB") and upload it again.`,
    );
  }
}

/** No number of the public network is shorter; what is shorter is an extension or a short code. */
const shortestPublic = 6;

/** Whether a number has its country code; `none`: it is not of the public network. */
function countryCodeOf(number: string): "international" | "national" | "none" {
  const { plus, digits } = bareNumber(number);
  if (plus) return "international";
  if (digits.length < shortestPublic || /[*#]/.test(number)) return "none";
  const read = readNumber({ plus: true, digits, head: digits.length }, undefined, "valid");
  return read.kind === "number" && read.number === `+${digits}` ? "international" : "national";
}

/**
 * A list may hold national numbers of the campaign's own country: their digits, and those without the leading zero that
 * spreadsheets take away. Countries that share a calling code (GB and Jersey, say) also share these forms.
 */
function nationalForms(meaning: NumberMeaning, country: string | undefined): readonly string[] {
  const plan = country === undefined ? undefined : planOf(country);
  if (plan === undefined || meaning.kind !== "number" || meaning.callingCode !== plan.callingCode) return [];
  const national = meaning.number.slice(plan.callingCode.length + 1);
  const dialled = ["0", "1", "8", "06"]
    .map((trunk) => trunk + national)
    .filter((digits) => withoutTrunk(plan, digits) === national);
  return [national, ...dialled];
}

/** What is dialled before a country code where it is not 00, in countries whose lists travel. */
const wellKnownAbroad = ["011", "0011", "010", "810"];

/**
 * A list may hold numbers as they are dialled from abroad: "011 44 7700 900001" in the United States. Whatever country the campaign
 * has, no national number is as long as that.
 */
function formsDialledAbroad(meaning: NumberMeaning, country: string | undefined): readonly string[] {
  if (meaning.kind !== "number") return [];
  const digits = meaning.number.slice(1);
  return prefixesAbroad(country).map((prefix) => prefix + digits);
}

const prefixesOfPlans = new Map<NumberingPlan | undefined, readonly string[]>();

/** The digits that a number dialled from abroad has before its own, as `bareNumber` leaves them: without the zeros of "00". */
function prefixesAbroad(country: string | undefined): readonly string[] {
  const plan = country === undefined ? undefined : planOf(country);
  const known = prefixesOfPlans.get(plan);
  if (known !== undefined) return known;
  const dialled = [...wellKnownAbroad, ...(plan === undefined ? [] : abroadPrefixes(plan))];
  const prefixes = [...new Set(dialled.map((prefix) => bareNumber(prefix).digits))];
  prefixesOfPlans.set(plan, prefixes);
  return prefixes;
}

const tooMany = "with it there are more numbers on all lists together than can be held in memory";

/** Reads a list of at most `room` numbers. */
async function readList(
  bucket: Bucket,
  key: string,
  room: number,
): Promise<{ readonly tag: string; readonly list: List } | undefined> {
  const object = await bucket.get(key);
  if (object === undefined) return undefined;
  const numbers = createNumberSet();
  let count = 0;
  const written = new Set<string>();
  const parser = createBoundedParser({ bom: true, delimiter: [",", ";", "\t"] });
  // Not all of its lines count: some people have taken their opt-out back.
  const optOuts = key === optOutsKey ? optOutsInForce(await optOutText(object.body)) : undefined;
  // Whatever fails of it, the reading of the records below fails of.
  pipeline(optOuts === undefined ? object.body : numbersAlone(optOuts.lines), parser).catch(() => {});
  let rows = 0;
  let elsewhere = false;
  let any = false;
  for await (const record of namingLargeRows(parser)) {
    rows++;
    const [first, ...others]: readonly unknown[] = record;
    if (typeof first !== "string") continue;
    const isEntry = hasDigits(first);
    any ||= isEntry && mayBePublic(first);
    elsewhere ||= others.some((cell) => typeof cell === "string" && isLongNumber(cell));
    if (!isEntry) continue;
    if (first.includes("\uFFFD")) throw new Error("it is not UTF-8");
    if (undoCalculation(plainNumberText(first)) === "lost") {
      throw new Error(`a spreadsheet shortened the number in row ${rows}, and its last digits are lost`);
    }
    for (const number of numbersIn(first)) {
      const forms = formsOfNumber(number, undefined);
      count += Math.ceil((forms[0]?.length ?? 0) / heldDigits);
      if (count > room) throw new Error(tooMany);
      for (const form of forms) numbers.add(form);
      written.add(countryCodeOf(number));
    }
  }
  if (elsewhere && !any) throw new Error("its numbers are not in the first column, where they are looked for");
  const [international, national] = [written.has("international"), written.has("national")];
  return { tag: object.tag, list: { key, numbers, count, international, national, detail: optOuts?.detail } };
}

/** An entry may be several numbers, or longer than any number is: so many digits take the room of one. */
const heldDigits = 16;

/** The records of a list, or an error that says which of its rows is too large. */
async function* namingLargeRows(parser: Parser): AsyncGenerator<readonly unknown[]> {
  try {
    for await (const record of parser) yield record;
  } catch (error) {
    const tooLarge = tooLargeInWords(error);
    throw tooLarge === undefined ? error : new Error(`row ${parser.info.records + 1} ${tooLarge}`);
  }
}

async function* numbersAlone(lines: readonly { readonly number: string }[]): AsyncGenerator<Uint8Array> {
  for (const { number } of lines) yield Buffer.from(`"${number.replaceAll('"', '""')}"\n`);
}

/** Whether an entry may be a number of the public network rather than a count, a date or a short code. */
const mayBePublic = (entry: string) =>
  plainNumberText(entry).replace(/\D/gu, "").length >= shortestPublic &&
  !/^\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:$|[T\s])/u.test(entry.trim());

/** Whether a cell holds a telephone number and nothing else, longer than a date. */
function isLongNumber(cell: string): boolean {
  const text = plainNumberText(cell);
  const digits = text.replace(/\D/gu, "").length;
  return /^'?[+(]?\d[\d\s()./-]*$/u.test(text) && digits >= 9 && digits <= 15;
}
