import { exitCodes } from "./exit.ts";
import { broken } from "./screen.ts";
import { forTerminal } from "./terminal.ts";

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
    asked(async ({ confirm }, context) =>
      confirm({ message: asQuestion(message, yesOrNo), default: byDefault }, context),
    ),
  choose: (message, choices, likely) =>
    asked(async ({ select }, context) =>
      select({ message: asQuestion(message), choices: choices.map(choice), default: likely, loop: false }, context),
    ),
  line: (message, fault, before) =>
    asked(async ({ input }, context) =>
      input(
        {
          // Behind it, in brackets, and then as what can be changed.
          message: asQuestion(message, before === undefined ? 0 : forTerminal(before).length + " ()".length),
          default: before,
          prefill: before === undefined ? undefined : "editable",
          validate: async (answer) => {
            const wrong = await fault(answer);
            return wrong === undefined ? true : forTerminal(wrong);
          },
        },
        context,
      ),
    ),
};

/** The characters that a prompt puts before a question or a choice, such as "? ", and behind a question that is answered with yes or no. */
const sign = 2;
const yesOrNo = " (y/N)".length;

/** The fewest characters of a question that a line has where something stands behind it. */
const leastBeside = 16;

const columns = () => process.stderr.columns || 80;

/**
 * A question that is safe to show, in lines that the prompt need not break within words. `behind` are the characters that follow it, which
 * have a line of their own where there is no room.
 */
function asQuestion(message: string, behind = 0): string {
  const shown = forTerminal(message);
  const beside = columns() - sign - behind;
  if (beside >= leastBeside) return broken(shown, beside).join("\n");
  const lines = broken(shown, Math.max(1, columns() - sign));
  const [last = ""] = lines.slice(-1);
  return [...lines, ...(sign + last.length + behind > columns() ? [""] : [])].join("\n");
}

/** A choice whose name is safe to show, in lines as a question is. */
const choice = (value: string) => {
  const name = forTerminal(value);
  return { value, short: name, name: broken(name, Math.max(1, columns() - sign)).join(`\n${" ".repeat(sign)}`) };
};

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
