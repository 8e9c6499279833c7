import { bounds } from "../bounds.ts";
import { iso } from "../in-words.ts";
import { plainNumberText } from "../number-text.ts";
import type { Bucket } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";
import { undoCalculation } from "../undo-calculation.ts";
import { optedOutOn } from "./recent-item.ts";
import { replyNumbers } from "./reply-numbers.ts";
import { isTakenBack } from "./words.ts";

/** The list of who opted out: a suppression list that the system writes, and that people may edit. */
export const optOutsKey = `${folders.suppression}opt-outs.csv`;

const { optOutLines: mostLines, optOutBytes: mostBytes, recordBytes: mostOfLine } = bounds;

const header = "number,date,word,id";

/** What somebody's text, or a person, says of a number. */
export interface OptOutDecision {
  /** In E.164 where that can be told, else its digits. */
  readonly number: string;
  /** Epoch milliseconds, a whole second. */
  readonly at: number;
  readonly word: string;
  /** Of the text, as `listId` writes it; of a person's decision one of its own. */
  readonly id: string;
}

/** An id without what a line of the list cannot hold. */
export const listId = (id: string): string => id.replace(/[^\w.:@-]/gu, "").slice(0, 64);

/** A line of the list: `at` (epoch ms) and the rest are empty where a person left them out. */
export interface OptOutLine {
  readonly number: string;
  readonly at: number | undefined;
  readonly word: string;
  readonly id: string;
}

/** The list cannot take more lines, or cannot be read. Its message says what to do. */
export class OptOutListError extends Error {
  override readonly name = "OptOutListError";
}

/** Who is opted out according to the list: of several lines about one number the newest counts. */
export interface OptOutsInForce {
  /** The lines that count. */
  readonly lines: readonly OptOutLine[];
  /** Why a number is not sent to, for a report, if one of these digits is on the list. */
  readonly detail: (digits: readonly string[]) => string | undefined;
}

/** The digits by which a number is told from others, whether it has a plus or not. */
export const digitsOf = (number: string): string =>
  plainNumberText(number)
    .replace(/^[='"]+|(?<!["'])["']+$/gu, "")
    .replace(/^\D*00/u, "")
    .replace(/\D/gu, "");

/** Reads which lines of the list's text count. Throws an OptOutListError for a line whose number is lost or in another column. */
export function optOutsInForce(text: string): OptOutsInForce {
  const newest = new Map<string, OptOutLine>();
  for (const [index, line] of text.split(lineEnd).entries()) {
    if (line.trim() === "") continue;
    const cells = cellsOf(line);
    const damage = damageOf(cells);
    if (damage !== undefined) throw new OptOutListError(`line ${index + 1} of ${optOutsKey} ${damage}`);
    const read = lineOf(cells);
    const known = newest.get(digitsOf(read.number));
    if (isNumber(read) && (known === undefined || supersedes(read, known))) newest.set(digitsOf(read.number), read);
  }
  const counting = [...newest].filter(([, { word }]) => !isTakenBack(word));
  const days = new Map(counting.map(([digits, { at }]) => [digits, at === undefined ? undefined : dayOf(at)]));
  return {
    lines: counting.map(([, line]) => line),
    detail: (forms) => {
      const found = forms.find((form) => days.has(form));
      if (found === undefined) return undefined;
      const day = days.get(found);
      return day === undefined ? "opted out" : optedOutOn(day);
    },
  };
}

/** The day of an instant, in UTC. */
export const dayOf = (at: number): string => iso(at).slice(0, 10);

/** The list with decisions in it, and those of them that now stand there. */
interface Merged {
  readonly text: string;
  readonly standing: readonly OptOutDecision[];
}

/**
 * Puts decisions into the list's text. A number's newest line is kept, whoever comes first; what takes an opt-out back
 * counts only where there is one. All other lines stay as they are. Numbers that people wrote without a country code are of
 * `country`. Throws an OptOutListError when the list is full.
 */
export function mergeDecisions(
  text: string | undefined,
  decisions: readonly OptOutDecision[],
  country?: string,
): Merged {
  const end = text?.includes("\r\n") ? "\r\n" : "\n";
  const lines: (string | undefined)[] = text === undefined || text.trim() === "" ? [header] : [...linesOf(text)];
  const places = new Map<string, number[]>();
  lines.forEach((line = "", index) => {
    const read = readLine(line);
    if (!isNumber(read)) return;
    const digits = digitsMeant(read.number, country);
    places.set(digits, [...(places.get(digits) ?? []), index]);
  });
  const standing = new Map<string, OptOutDecision>();
  for (const decision of decisions) {
    const digits = digitsOf(decision.number);
    const at = places.get(digits) ?? [];
    const known = at.map((index) => readLine(lines[index] ?? ""));
    const newest = known.reduce<OptOutLine | undefined>(
      (best, line) => (best === undefined || supersedes(line, best) ? line : best),
      undefined,
    );
    if (newest?.id === decision.id) standing.set(digits, decision);
    if (newest !== undefined && !supersedes(decision, newest)) continue;
    if (isTakenBack(decision.word) && (newest === undefined || isTakenBack(newest.word))) continue;
    for (const index of at) lines[index] = undefined;
    const place = at[0] ?? lines.length;
    lines[place] = written(decision);
    places.set(digits, [place]);
    standing.set(digits, decision);
  }
  const kept = lines.filter((line) => line !== undefined);
  if (kept.length > mostLines) throw new OptOutListError(full);
  return { text: kept.map((line) => line + end).join(""), standing: [...standing.values()] };
}

const full = `${optOutsKey} has more than ${mostLines} lines, and takes no more: move old ones to another list under ${folders.suppression}.`;

/** Puts decisions into the stored list, as often as somebody else writes it meanwhile. Returns those that now stand there. */
export async function storeDecisions(
  bucket: Pick<Bucket, "get" | "replace">,
  decisions: readonly OptOutDecision[],
  country?: string,
): Promise<readonly OptOutDecision[]> {
  for (let tries = 0; tries < mostTries; tries++) {
    const stored = await readOptOutList(bucket);
    const { text, standing } = mergeDecisions(stored?.text, decisions, country);
    if (standing.length === 0 || text === stored?.text) return standing;
    if (await bucket.replace(optOutsKey, stored?.tag, text, "text/csv; charset=utf-8")) return standing;
  }
  throw new OptOutListError(`${optOutsKey} was written by others ${mostTries} times in a row; it is tried again.`);
}

const mostTries = 20;

/** The stored list with its ETag; `undefined` where there is none. Throws an OptOutListError for one that is too large. */
export async function readOptOutList(
  bucket: Pick<Bucket, "get">,
): Promise<{ readonly text: string; readonly tag: string } | undefined> {
  const object = await bucket.get(optOutsKey);
  return object === undefined ? undefined : { text: await optOutText(object.body), tag: object.tag };
}

/** The list's text out of its bytes. Throws an OptOutListError for more of them, or of lines, than it may have, and for UTF-16. */
export async function optOutText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let lines = 0;
  let line = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    for (const byte of chunk) {
      const ends = byte === 10 || byte === 13;
      if (ends) lines++;
      line = ends ? 0 : line + 1;
      if (line > mostOfLine) throw new OptOutListError(tooLong);
    }
    // A line may end with two of them.
    if (bytes > mostBytes || lines > 2 * mostLines) throw new OptOutListError(full);
    if (chunk.includes(0)) throw new OptOutListError(`${optOutsKey} is not UTF-8: save it as "CSV UTF-8"`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/u, "");
}

const tooLong = `a line of ${optOutsKey} is longer than ${mostOfLine / 1024 ** 2} MiB; shorten it`;

const lineEnd = /\r\n|\n|\r/u;

const linesOf = (text: string): readonly string[] => text.split(lineEnd).filter((line) => line.trim() !== "");

/** A line as the system, or a spreadsheet after it, writes one. */
const readLine = (line: string): OptOutLine => lineOf(cellsOf(line));

const cellsOf = (line: string): readonly string[] =>
  (line.match(/(?:^|[,;\t])(?:\s*"(?:[^"]|"")*"|[^,;\t]*)[^,;\t]*/gu) ?? []).map((cell, index) =>
    cell
      .slice(index === 0 ? 0 : 1)
      .trim()
      .replace(/^"+|(?<!")"+$/gu, "")
      .trim(),
  );

function lineOf([number = "", date = "", word = "", id = ""]: readonly string[]): OptOutLine {
  const at = Date.parse(date);
  return { number, at: Number.isNaN(at) ? undefined : at, word, id };
}

/** What became of a line's number, where it is lost or not in the first column; part of a sentence. */
function damageOf([first = "", ...others]: readonly string[]): string | undefined {
  const text = plainNumberText(first).replace(/^[='"]+/u, "");
  if (/\d/u.test(text) && undoCalculation(text) === "lost") {
    return "has a number that a spreadsheet shortened: its last digits are lost";
  }
  const digits = text.replace(/\D/gu, "").length;
  const isNumbered = digits >= fewestDigits && !aDate.test(text);
  return !isNumbered && others.some(isTelephone) ? "does not begin with its number" : undefined;
}

/** Shorter than any number that is called. */
const fewestDigits = 3;

const aDate = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:$|[T\s])/u;

/** Whether a cell has a telephone number; ids may be times with fractions of a second. */
const isTelephone = (cell: string): boolean =>
  /\+\d{7}/u.test(cell) ||
  (/^'?[(]?\d[\d\s()/-]*$/u.test(cell) && !aDate.test(cell) && /^\D*(?:\d\D*){9,15}$/u.test(cell));

/** The digits by which a number that people wrote is known, in E.164 where it is clear. */
function digitsMeant(number: string, country: string | undefined): string {
  const plain = plainNumberText(number).replace(/^[='"]+/u, "");
  if (plain.startsWith("+")) return digitsOf(plain);
  const calculated = undoCalculation(plain);
  const [meant, ...others] = replyNumbers(calculated === "lost" ? plain : calculated, country);
  return meant === undefined || others.length > 0 ? digitsOf(number) : digitsOf(meant);
}

const isNumber = ({ number }: OptOutLine) => digitsOf(number) !== "";

/** Whether one line about a number counts rather than another: the newer one; at the same instant, the one that opts out. */
function supersedes(line: Pick<OptOutLine, "at" | "word">, other: Pick<OptOutLine, "at" | "word">): boolean {
  const [at, otherAt] = [line.at ?? Number.NEGATIVE_INFINITY, other.at ?? Number.NEGATIVE_INFINITY];
  return at > otherAt || (at === otherAt && isTakenBack(other.word) && !isTakenBack(line.word));
}

/** Dates have whole seconds, as Enswitch tells them. */
const written = ({ number, at, word, id }: OptOutDecision): string =>
  [number, iso(at).replace(/\.\d+Z$/u, "Z"), word, id].join(",");
