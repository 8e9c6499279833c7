import { randomBytes } from "node:crypto";
import { copyable } from "../../shared/copyable.ts";
import { counted } from "../../shared/in-words.ts";
import { noteSuppressed } from "../../shared/opt-outs/note-decisions.ts";
import type { OptOutDecision } from "../../shared/opt-outs/opt-out-list.ts";
import { replyNumbers } from "../../shared/opt-outs/reply-numbers.ts";
import { addedByHand } from "../../shared/opt-outs/words.ts";
import { type Confirm, confirmHere } from "../ask.ts";
import { askRemoval, type Removal } from "../ask-removal.ts";
import { exitCodes, Refused } from "../exit.ts";
import { settingsHere } from "../judge-list.ts";
import { operatorName } from "../operator-name.ts";
import type { Stack } from "../stack.ts";
import { changeSuppressed, suppressedAmong, suppressedKey, suppressedLines } from "../suppressed-numbers.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { checkTypedNumbers, lacksCountry, typedNumber } from "../typed-number.ts";

/**
 * Adds, removes or lists numbers that nothing may be sent to. Before any are removed somebody at the terminal is asked; where nobody
 * can be, the command is the answer. Throws a Refused for anything that isn't a number.
 */
export function suppress(
  what: "add" | "remove" | "list",
  numbers: readonly string[],
  target: Target & { readonly json?: boolean; readonly yes?: boolean },
  terminal: Terminal,
  confirm: Confirm | undefined = confirmHere(),
) {
  if (what !== "list") checkTypedNumbers(what, numbers);
  if (what !== "list" && numbers.length === 0) throw new Refused(`Name the numbers to ${what}.`);
  return withStack(target, async ({ stack, words }) => {
    const note = async (done: "suppressed numbers" | "lifted suppressions", count: number) => {
      if (count === 0) return;
      await stack.deeds.note({ what: done, numbers: count, by: await operatorName(stack), at: Date.now() });
    };
    const tell = (changed: readonly string[], inWords: string) =>
      terminal.say(target.json ? JSON.stringify({ what, numbers: changed }) : inWords);
    const { country } = what === "list" ? {} : (await settingsHere()).defaults;
    switch (what) {
      case "list":
        await list(stack.bucket, terminal, target.json);
        return exitCodes.complete;
      case "add": {
        const added = await changeSuppressed(stack.bucket, { numbers, country }, "add");
        await noteSuppressed(
          { ...stack, recent: stack.recentDecisions },
          suppressedKey,
          decisionsAbout(numbers, country),
        );
        const bare = numbers.filter((number) => lacksCountry(number, country));
        if (bare.length > 0) terminal.note(lacking(bare, words));
        await note("suppressed numbers", added.length);
        tell(added, addedInWords(numbers, added.length));
        return exitCodes.complete;
      }
      case "remove": {
        const asks = confirm !== undefined && target.yes !== true;
        const leaving = !asks ? [] : await suppressedAmong(stack.bucket, { numbers, country });
        if (leaving.length > 0 && !(await askRemoval(removalOf(leaving), terminal, confirm))) {
          tell([], `${suppressedKey} stays as it is.`);
          return exitCodes.complete;
        }
        const removed = await changeSuppressed(stack.bucket, { numbers, country }, "remove");
        await note("lifted suppressions", removed.length);
        tell(removed, `${counted(removed.length, "entry", "entries")} removed from ${suppressedKey}.`);
        return exitCodes.complete;
      }
      default:
        return what satisfies never;
    }
  });
}

/** What became of numbers that were to be added; who adds one a second time learns that it is there. */
function addedInWords(numbers: readonly string[], added: number): string {
  const before = new Set(numbers.map((number) => typedNumber(number) ?? number)).size - added;
  const there = `${before === 1 ? "was" : "were"} on it before`;
  const skipped = "rows for them are skipped, queued ones too.";
  if (added > 0) {
    const others = before > 0 ? `; ${counted(before, "number")} ${there}` : "";
    return `${counted(added, "number")} added to ${suppressedKey}${others}; ${skipped}`;
  }
  return before === 1
    ? `${numbers[0] ?? ""} is on ${suppressedKey} already; rows for it are skipped.`
    : `These ${counted(before, "number")} are on ${suppressedKey} already; rows for them are skipped.`;
}

async function list(bucket: Stack["bucket"], terminal: Terminal, json: boolean | undefined): Promise<void> {
  const found: string[] = [];
  for await (const { number } of suppressedLines(bucket)) {
    if (number === undefined) continue;
    if (json) found.push(number);
    else terminal.say(number);
  }
  if (json) terminal.say(JSON.stringify(found));
}

/** What would follow if these entries were removed. */
function removalOf(leaving: readonly string[]): Removal {
  const numbers = leaving.length === 1 ? "this number" : `these ${counted(leaving.length, "number")}`;
  return {
    key: suppressedKey,
    lines: leaving,
    effect: `Off the list, ${numbers} would be texted again by every campaign that has ${leaving.length === 1 ? "it" : "them"}, also by one that is under way.`,
    question: `Let campaigns text ${numbers} again?`,
  };
}

/** What numbers without a country code do, and how to take them off again. */
const lacking = (numbers: readonly string[], words: readonly string[]) =>
  `${numbers.join(", ")}: no country code, and the settings here name no country. A campaign without one waits until a person has put that right; write it with +. To take it off: ${copyable("suppress", "remove", ...numbers, ...words)}`;

/** Numbers as queued batches are told of them. */
const decisionsAbout = (numbers: readonly string[], country: string | undefined): readonly OptOutDecision[] =>
  numbers
    .flatMap((number) => replyNumbers(typedNumber(number) ?? number, country))
    .map((number) => ({ number, at: Date.now(), word: addedByHand, id: randomBytes(6).toString("hex") }));
