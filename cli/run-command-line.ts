import { CommanderError } from "commander";
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
  const commandLine = createCommandLine(terminal);
  try {
    return await commandLine.run();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.complete;
      terminal.note(error.code === "commander.help" ? commandLine.help() : usageSentence(error));
      return exitCodes.refused;
    }
    return explain(error);
  }
}

/** Commander's complaint as one sentence. */
function usageSentence({ message }: CommanderError): string {
  const text = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return `${/[.?!)]$/.test(sentence) ? sentence : `${sentence}.`} See bulk-send --help.`;
}
