import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { bounds } from "../shared/bounds.ts";
import { hasDigits, numberForms } from "../shared/feed/suppression.ts";
import type { Bucket } from "../shared/ports/bucket.ts";
import { folders } from "../shared/ports/bucket-layout.ts";
import { Failure } from "./exit.ts";
import { typedNumber } from "./typed-number.ts";

/** The list that the command line maintains; people may keep others beside it. */
export const suppressedKey = `${folders.suppression}numbers.csv`;

/** Numbers as somebody typed them; those without a country code are of the stack's country. */
export interface TypedNumbers {
  readonly numbers: readonly string[];
  readonly country: string | undefined;
}

/** Bytes of the list, which is held in memory while it is changed: feeds hold no more numbers than that. */
const mostBytes = 20 * bounds.suppressed;

/**
 * Rewrites the list, as often as somebody else writes it meanwhile. Returns the entries that were added or removed; writes
 * nothing when there are none. Throws a Failure for a list that is too large.
 */
export async function changeSuppressed(
  bucket: Bucket,
  typed: TypedNumbers,
  what: "add" | "remove",
): Promise<readonly string[]> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { changed, tag, text } = await rewritten(bucket, typed, what);
    if (changed.length === 0) return changed;
    const stored = await bucket.replace(suppressedKey, tag, text, "text/csv; charset=utf-8");
    if (stored) return changed;
  }
  throw new Failure(`${suppressedKey} was written by others ${mostTries} times in a row; try again.`);
}

/** The entries that a removal would take off the list. Throws a Failure for a list that is too large. */
export const suppressedAmong = async (bucket: Bucket, typed: TypedNumbers): Promise<readonly string[]> =>
  (await rewritten(bucket, typed, "remove")).changed;

const mostTries = 20;

/** The list with the change, and the entries that it concerns; `tag`: of the list as it was. */
async function rewritten(bucket: Bucket, { numbers, country }: TypedNumbers, what: "add" | "remove") {
  const formsOf = (number: string) => numberForms(number, country);
  const wanted = new Set(numbers.flatMap(formsOf));
  const object = await bucket.get(suppressedKey);
  const known = new Set<string>();
  const lines: string[] = [];
  let bytes = 0;
  const matches: string[] = [];
  for await (const { line, number } of object === undefined ? [] : linesOf(object.body)) {
    bytes += line.length + 1;
    if (bytes > mostBytes) throw new Failure(`${suppressedKey} is too large for a command: edit it as a file.`);
    const forms = number === undefined ? [] : formsOf(number);
    const hit = forms.some((form) => wanted.has(form));
    if (hit && number !== undefined) {
      matches.push(number);
      for (const form of forms) known.add(form);
    }
    if (what === "add" || !hit) lines.push(line);
  }
  const added = (what === "remove" ? [] : numbers)
    .filter((number) => isNew(formsOf(number), known))
    .map((number) => writtenOut(number, formsOf(number)) ?? number);
  if (object === undefined || bytes === 0) lines.push("number");
  lines.push(...added);
  const text = lines.map((line) => `${line}\n`).join("");
  return { changed: what === "add" ? added : matches, tag: object?.tag, text };
}

/** With + and its country code where that is clear: a list may be used for campaigns of several countries. */
function writtenOut(number: string, forms: readonly string[]): string | undefined {
  const [international, ...others] = forms.filter((form) => form.startsWith("+"));
  return international === undefined || others.length > 0 ? typedNumber(number) : international;
}

/** Whether none of a number's forms is known yet; from then on they are. */
function isNew(forms: readonly string[], known: Set<string>): boolean {
  if (forms.some((form) => known.has(form))) return false;
  for (const form of forms) known.add(form);
  return true;
}

/** The list's lines, with the number in the first column if it holds one. */
export async function* suppressedLines(bucket: Bucket): AsyncGenerator<Line> {
  const object = await bucket.get(suppressedKey);
  if (object !== undefined) yield* linesOf(object.body);
}

interface Line {
  readonly line: string;
  readonly number?: string;
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  for await (const line of createInterface({
    input: Readable.from(body),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const first = line.replace(/^\ufeff/u, "").split(/[,;\t]/u, 1)[0] ?? "";
    const number = first.replace(/^["']+|(?<!")"+$/gu, "").trim();
    yield hasDigits(number) ? { line, number } : { line };
  }
}
