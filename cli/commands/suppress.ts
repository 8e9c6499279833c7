import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { copyable } from "../../shared/copyable.ts";
import { hasDigits, numberForms } from "../../shared/feed/suppression.ts";
import { counted } from "../../shared/in-words.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { folders } from "../../shared/ports/bucket-layout.ts";
import { exitCodes, Refused } from "../exit.ts";
import { settingsHere } from "../judge-list.ts";
import { operatorName } from "../operator-name.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { lacksCountry, typedNumber } from "../typed-number.ts";

/** The list that the command line maintains; people may keep others beside it. */
const listKey = `${folders.suppression}numbers.csv`;

/** Adds, removes or lists numbers that nothing may be sent to. Throws a Refused for anything that isn't a number. */
export function suppress(
  what: "add" | "remove" | "list",
  numbers: readonly string[],
  target: Target & { readonly json?: boolean },
  terminal: Terminal,
) {
  const wrong = numbers.find((number) => typedNumber(number) === undefined);
  if (wrong !== undefined) throw new Refused(`${wrong} is not a telephone number.`);
  if (what !== "list" && numbers.length === 0) throw new Refused(`Name the numbers to ${what}.`);
  return withStack(target, async ({ stack, words }) => {
    const note = async (done: "suppressed numbers" | "lifted suppressions", count: number) => {
      if (count === 0) return;
      await stack.deeds.note({ what: done, numbers: count, by: await operatorName(stack), at: Date.now() });
    };
    const { country } = what === "list" ? {} : (await settingsHere()).defaults;
    switch (what) {
      case "list": {
        const found: string[] = [];
        for await (const { number } of entries(stack.bucket)) {
          if (number === undefined) continue;
          if (target.json) found.push(number);
          else terminal.say(number);
        }
        if (target.json) terminal.say(JSON.stringify(found));
        return exitCodes.complete;
      }
      case "add": {
        const added = await rewrite(stack.bucket, { numbers, country }, "add");
        const bare = numbers.filter((number) => lacksCountry(number, country));
        if (bare.length > 0) terminal.note(lacking(bare, words));
        terminal.say(
          `${counted(added, "number")} added to ${listKey}; rows for them that are not queued yet will be skipped.`,
        );
        await note("suppressed numbers", added);
        return exitCodes.complete;
      }
      case "remove": {
        const removed = await rewrite(stack.bucket, { numbers, country }, "remove");
        terminal.say(`${counted(removed, "entry", "entries")} removed from ${listKey}.`);
        await note("lifted suppressions", removed);
        return exitCodes.complete;
      }
      default:
        return what satisfies never;
    }
  });
}

/** What numbers without a country code do, and how to take them off again. */
const lacking = (numbers: readonly string[], words: readonly string[]) =>
  `${numbers.join(", ")}: no country code, and the settings here name no country. A campaign without one waits until a person has put that right; write it with +. To take it off: ${copyable("suppress", "remove", ...numbers, ...words)}`;

/** Numbers as somebody typed them; those without a country code are of the stack's country. */
interface Typed {
  readonly numbers: readonly string[];
  readonly country: string | undefined;
}

/** Rewrites the list while reading it. Returns how many entries were added or removed; writes nothing when none were. */
async function rewrite(bucket: Bucket, { numbers, country }: Typed, what: "add" | "remove"): Promise<number> {
  const formsOf = (number: string) => numberForms(number, country);
  const wanted = new Set(numbers.flatMap(formsOf));
  const known = new Set<string>();
  let matches = 0;
  for await (const { number } of entries(bucket)) {
    const forms = number === undefined ? [] : formsOf(number);
    if (!forms.some((form) => wanted.has(form))) continue;
    matches++;
    for (const form of forms) known.add(form);
  }
  const added = what === "remove" ? [] : numbers.filter((number) => isNew(formsOf(number), known));
  if (what === "add" ? added.length === 0 : matches === 0) return 0;
  const lines = async function* () {
    let any = false;
    for await (const { line, number } of entries(bucket)) {
      any = true;
      const hit = number !== undefined && formsOf(number).some((form) => wanted.has(form));
      if (what === "add" || !hit) yield `${line}\n`;
    }
    if (!any) yield "number\n";
    for (const number of added) yield `${writtenOut(number, formsOf(number))}\n`;
  };
  await bucket.put(listKey, lines(), "text/csv; charset=utf-8");
  return what === "add" ? added.length : matches;
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
async function* entries(bucket: Bucket): AsyncGenerator<{ readonly line: string; readonly number?: string }> {
  const object = await bucket.get(listKey);
  if (object === undefined) return;
  for await (const line of createInterface({
    input: Readable.from(object.body),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const first = line.replace(/^\ufeff/u, "").split(/[,;\t]/u)[0] ?? "";
    const number = first.replace(/^["']+|"+$/gu, "").trim();
    yield hasDigits(number) ? { line, number } : { line };
  }
}
