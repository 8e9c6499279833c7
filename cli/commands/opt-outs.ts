import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountAction, storedAction, withEntries } from "../../shared/account/history.ts";
import { counted, grouped, iso, moment } from "../../shared/in-words.ts";
import { noteDecisions } from "../../shared/opt-outs/note-decisions.ts";
import {
  digitsOf,
  mergeDecisions,
  type OptOutDecision,
  type OptOutLine,
  optOutsInForce,
  optOutsKey,
  readOptOutList,
} from "../../shared/opt-outs/opt-out-list.ts";
import { replyNumbers } from "../../shared/opt-outs/reply-numbers.ts";
import { openReplies } from "../../shared/opt-outs/unclear-replies.ts";
import { addedByHand, removedByHand } from "../../shared/opt-outs/words.ts";
import { type Confirm, confirmHere } from "../ask.ts";
import { askRemoval, type Removal } from "../ask-removal.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { settingsHere } from "../judge-list.ts";
import { operatorName } from "../operator-name.ts";
import type { Stack } from "../stack.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { checkTypedNumbers, typedNumber } from "../typed-number.ts";

/** The options of the command line. */
export type OptOutsOptions = Target & {
  readonly json?: boolean;
  readonly unclear?: boolean;
  /** Takes people off the list without asking. */
  readonly yes?: boolean;
};

/** What is to be done with the list. */
export type OptOutsDeed = "list" | "add" | "remove";

/**
 * Lists, adds or removes people who are opted out. Throws a Refused for anything that isn't a number, and where people would be taken
 * off the list and nobody says or can be asked whether they may.
 */
export function optOuts(
  what: OptOutsDeed,
  numbers: readonly string[],
  options: OptOutsOptions,
  terminal: Terminal,
  confirm: Confirm | undefined = confirmHere(),
) {
  if (what !== "list") checkTypedNumbers(what, numbers);
  if (what === "list" && numbers.length > 0) throw new Refused("To list opt-outs, name no numbers.");
  if (what !== "list" && numbers.length === 0) throw new Refused(`Name the numbers to ${what}.`);
  return withStack(options, async ({ stack }) => {
    if (what !== "list") return change(what, numbers, { stack, options, terminal, confirm });
    return options.unclear === true ? listUnclear(stack, options, terminal) : list(stack, options, terminal);
  });
}

/** Somebody who would be taken off the list, with what it says of him where that line is found by his number. */
type Leaving = Pick<OptOutLine, "number"> & Partial<OptOutLine>;

/** What would follow if these people were taken off the list. */
function removalOf(leaving: readonly Leaving[]): Removal {
  const people = leaving.length === 1 ? "this person" : `these ${grouped(leaving.length)} people`;
  return {
    key: optOutsKey,
    lines: leaving.map(lineFor),
    effect: `Off the list, ${people} would be texted again by every campaign that has the number, also by one that is under way.`,
    question: `Text ${people} again?`,
  };
}

/** An opt-out, in a line. */
const lineFor = ({ number, at, word = "" }: Leaving) =>
  [number, ...(at === undefined ? [] : [moment(at)]), word].join("  ").trimEnd();

/** The newest first; those of which a person has left out the day stay last, as they are in the list. */
const newestFirst = <Dated extends { readonly at: number | undefined }>(all: readonly Dated[]): readonly Dated[] =>
  all.toSorted((one, other) => (other.at ?? Number.NEGATIVE_INFINITY) - (one.at ?? Number.NEGATIVE_INFINITY) || 0);

async function list({ bucket }: Stack, { json }: OptOutsOptions, terminal: Terminal) {
  const lines = newestFirst(optOutsInForce((await readOptOutList(bucket))?.text ?? "").lines);
  if (json) {
    const all = lines.map(({ number, at, word, id }) => ({ number, date: at && iso(at), word, id }));
    terminal.say(JSON.stringify(all));
  } else {
    for (const line of lines) terminal.say(lineFor(line));
    if (lines.length === 0) terminal.note("Nobody has opted out, as far as replies have been read.");
  }
  return exitCodes.complete;
}

/** Replies that a person has to read, and upon which nobody has acted yet. */
async function listUnclear({ bucket, unclearReplies }: Stack, { json }: OptOutsOptions, terminal: Terminal) {
  const { detail } = optOutsInForce((await readOptOutList(bucket))?.text ?? "");
  const isOut = (number: string) => detail([digitsOf(number)]) !== undefined;
  const open = newestFirst(openReplies(await unclearReplies.all(), isOut));
  if (json) {
    terminal.say(JSON.stringify(open.map(({ number, at, text, sender }) => ({ number, date: iso(at), text, sender }))));
  } else {
    for (const { number, at, text, sender } of open) {
      const whose = sender ? "  (campaigns were sent from this number)" : "";
      terminal.say(`${number}  ${moment(at)}  ${text.replace(/\s+/gu, " ")}${whose}`);
    }
  }
  if (!json && open.length === 0) terminal.note("No reply waits for a person.");
  return exitCodes.complete;
}

/** Who changes the list, and how. */
interface Changing {
  readonly stack: Stack;
  readonly options: OptOutsOptions;
  readonly terminal: Terminal;
  readonly confirm: Confirm | undefined;
}

async function change(
  what: Exclude<OptOutsDeed, "list">,
  typed: readonly string[],
  { stack, options, terminal, confirm }: Changing,
): Promise<ExitCode> {
  const { country } = (await settingsHere()).defaults;
  const word = what === "add" ? addedByHand : removedByHand;
  const numbers = [...new Set(typed.flatMap((number) => replyNumbers(typedNumber(number) ?? number, country)))];
  // Who is on the list stays there with the day on which he asked.
  const text = (await readOptOutList(stack.bucket))?.text ?? "";
  const { detail, lines } = optOutsInForce(text);
  const open = what === "add" ? numbers.filter((number) => detail([digitsOf(number)]) === undefined) : numbers;
  const at = await dateOf(what, lines);
  const decisions = open.map((number): OptOutDecision => ({ number, at, word, id: randomBytes(6).toString("hex") }));
  if (what === "remove" && options.yes !== true) {
    const leaving = mergeDecisions(text, decisions, country).standing.map(
      ({ number }): Leaving => lines.find((line) => digitsOf(line.number) === digitsOf(number)) ?? { number },
    );
    if (leaving.length > 0 && !(await askRemoval(removalOf(leaving), terminal, confirm))) {
      terminal.say(options.json ? JSON.stringify({ what, numbers: [] }) : "Nobody was taken off.");
      return exitCodes.complete;
    }
  }
  const standing = await noteDecisions({ ...stack, recent: stack.recentDecisions, country }, decisions);
  if (standing.length > 0) await noteDeed(stack, { kind: "opt-outs", what, numbers: standing.length });
  if (options.json) terminal.say(JSON.stringify({ what, numbers: standing.map(({ number }) => number) }));
  else terminal.say(sentenceFor(what, standing.length, numbers.length));
  return exitCodes.complete;
}

/** A second, in milliseconds: the list has no smaller part of a day. */
const secondMs = 1_000;

/** When what is decided now is noted as decided. Who opted out in the same second stays so: taking somebody off waits for the next. */
async function dateOf(what: Exclude<OptOutsDeed, "list">, lines: readonly OptOutLine[]): Promise<number> {
  const second = Math.floor(Date.now() / secondMs) * secondMs;
  if (what === "add" || lines.every(({ at }) => at !== second)) return second;
  await sleep(second + secondMs - Date.now());
  return second + secondMs;
}

function sentenceFor(what: Exclude<OptOutsDeed, "list">, changed: number, asked: number): string {
  const rest = asked - changed;
  const others =
    rest > 0
      ? `; ${counted(rest, "number")} ${what === "add" ? `${rest === 1 ? "was" : "were"} on it before` : "not on it"}`
      : "";
  return what === "add"
    ? `${counted(changed, "number")} added to ${optOutsKey}${others}. Rows for them are skipped, queued ones too.`
    : `${counted(changed, "number")} taken off ${optOutsKey}${others}.`;
}

/** Who changed the list is in the history; whom it was about is not. */
async function noteDeed(stack: Stack, action: AccountAction): Promise<void> {
  const by = await operatorName(stack);
  await stack.account.change((account, now) => ({
    account: { ...account, history: withEntries(account.history, { what: storedAction(action), by, at: now }) },
    result: undefined,
  }));
}
