import { exitCodes } from "./exit.ts";
import { forTerminal } from "./terminal.ts";
import { wrapped } from "./wrap.ts";

/** Asks a person at the terminal; what is asked goes to standard error. */
export interface Prompter {
  confirm(question: string, byDefault: boolean): Promise<boolean>;
  /** One of the choices, of which the one that is `likely` is offered. */
  choose(question: string, choices: readonly string[], likely: string | undefined): Promise<string>;
  /** A line, beginning with `before` if there is one; `fault` says what is wrong with it, if anything is. */
  line(question: string, fault: (answer: string) => Promise<string | undefined>, before?: string): Promise<string>;
}

/** Whether there is somebody who can be asked. */
export const somebodyCanAnswer = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks whether to do what cannot be undone; what is not answered is not done. */
export type Confirm = (question: string) => Promise<boolean>;

/** Asks that whoever is at the terminal; `undefined` where there is nobody. */
export const confirmHere = (): Confirm | undefined =>
  somebodyCanAnswer() ? (question) => askAtTerminal.confirm(question, false) : undefined;

/** Asks whoever is at the terminal. Ctrl-C and Ctrl-D end the process: nothing that asks has begun anything yet. */
export const askAtTerminal: Prompter = {
  confirm: (message, byDefault) =>
    asked(async ({ confirm }, context) => confirm({ message: asQuestion(message), default: byDefault }, context)),
  choose: (message, choices, likely) =>
    asked(async ({ select }, context) =>
      select({ message: asQuestion(message), choices: choices.map(choice), default: likely, loop: false }, context),
    ),
  line: (message, fault, before) =>
    asked(async ({ input }, context) =>
      input(
        {
          message: asQuestion(message),
          default: before,
          prefill: before === undefined ? undefined : "editable",
          validate: async (answer) => (await fault(answer)) ?? true,
        },
        context,
      ),
    ),
};

/** The characters that a prompt puts before a question and after it: "? " and " (y/N)". */
const aroundQuestion = 8;

/** A question that is safe to show, in lines that the prompt need not break within words. */
const asQuestion = (message: string) =>
  wrapped(forTerminal(message), Math.max(1, (process.stderr.columns || 80) - aroundQuestion)).join("\n");

/** A choice whose name is safe to show. */
const choice = (value: string) => ({ value, name: forTerminal(value) });

type Prompts = typeof import("@inquirer/prompts");

/** Where a question is printed, and what ends it without an answer. */
interface Asking {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Asks with these prompts. What ends a question without an answer ends the process, as Ctrl-C does everywhere. */
export async function asked<T>(ask: (prompts: Prompts, context: Asking) => Promise<T>): Promise<T> {
  const left = new AbortController();
  // Ctrl-D, or the end of the input, closes the prompt, which would never settle. An answer has settled it by then.
  const leave = () => left.abort();
  process.stdin.once("pause", leave);
  try {
    return await ask(await import("@inquirer/prompts"), { output: process.stderr, signal: left.signal });
  } catch (error) {
    const isLeft = error instanceof Error && ["ExitPromptError", "AbortPromptError"].includes(error.name);
    if (isLeft) process.exit(exitCodes.interrupted);
    throw error;
  } finally {
    process.stdin.off("pause", leave);
  }
}
