import { CommanderError } from "commander";
import { copyable } from "../shared/copyable.ts";
import { createCommandLine } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { explainError } from "./explain-error.ts";
import { createTerminal } from "./terminal.ts";

/** Runs the command line on the process's arguments and returns its exit code. */
export async function runCommandLine(): Promise<ExitCode> {
  const terminal = createTerminal();
  const explain = (error: unknown): ExitCode => {
    const { sentence, code } = explainError(error);
    terminal.note(sentence);
    if ((process.env["DEBUG"] ?? "") !== "") terminal.note(error instanceof Error ? (error.stack ?? "") : "");
    return code;
  };
  // What an emulator throws where nobody can catch it, on a full disk for instance: it ends the process as a kill does,
  // which loses nothing, but with a sentence.
  process.on("uncaughtException", (error) => process.exit(explain(error)));
  const words = process.argv.slice(2);
  const commandLine = createCommandLine(terminal);
  try {
    return await commandLine.run();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.complete;
      terminal.note(
        error.code === "commander.help" ? commandLine.help() : usageSentence(error, words, commandLine.names),
      );
      return exitCodes.refused;
    }
    return explain(error);
  }
}

/** Commander's complaint about `words` as one sentence, and where to read on: at the command, where it is one of `names`. */
function usageSentence({ message }: CommanderError, words: readonly string[], names: readonly string[]): string {
  const [command = ""] = words;
  const text = argumentSentence(
    message
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .trim(),
    command,
  );
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  const behind = behindItsCommand(words, names);
  if (behind !== undefined) return `${command} goes behind the command: ${behind}`;
  const help = copyable(...(names.includes(command) ? [command] : []), "--help");
  return `${/[.?!]$/.test(sentence) ? sentence : `${sentence}.`} See ${help}`;
}

/** What somebody meant who began with an option, as a command to copy; `undefined` where there is no command. */
function behindItsCommand(words: readonly string[], names: readonly string[]): string | undefined {
  const at = words.findIndex((word) => names.includes(word));
  return at > 0 && words[0]?.startsWith("-") ? copyable(...words.slice(at), ...words.slice(0, at)) : undefined;
}

/** What an argument of `command` cannot be, in place of Commander's terms; other complaints stay as they are. */
function argumentSentence(text: string, command: string): string {
  const [, value, name, rest = ""] =
    /^command-argument value '(.*)' is invalid for argument '([^']*)'\. (.*)$/su.exec(text) ?? [];
  if (value === undefined || name === undefined) return text;
  const [, choices] = /^Allowed choices are (.*)\.$/u.exec(rest) ?? [];
  if (choices === undefined) return `${name} cannot be "${value}". ${rest}`;
  return `${command} does not know "${value}"; it knows ${choices.replace(/, ([^,]*)$/u, " and $1")}.`;
}
