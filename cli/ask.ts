import { exitCodes } from "./exit.ts";
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

/** Asks whoever is at the terminal. Ctrl-C ends the process: nothing that asks has begun anything yet. */
export const askAtTerminal: Prompter = {
  confirm: (message, byDefault) =>
    asked(async ({ confirm }) =>
      confirm({ message: forTerminal(message), default: byDefault }, { output: process.stderr }),
    ),
  choose: (message, choices, likely) =>
    asked(async ({ select }) =>
      select(
        { message: forTerminal(message), choices: choices.map(choice), default: likely, loop: false },
        { output: process.stderr },
      ),
    ),
  line: (message, fault, before) =>
    asked(async ({ input }) =>
      input(
        {
          message: forTerminal(message),
          default: before,
          prefill: before === undefined ? undefined : "editable",
          validate: async (answer) => (await fault(answer)) ?? true,
        },
        { output: process.stderr },
      ),
    ),
};

/** A choice whose name is safe to show. */
const choice = (value: string) => ({ value, name: forTerminal(value) });

type Prompts = typeof import("@inquirer/prompts");

async function asked<T>(ask: (prompts: Prompts) => Promise<T>): Promise<T> {
  try {
    return await ask(await import("@inquirer/prompts"));
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") process.exit(exitCodes.interrupted);
    throw error;
  }
}
