#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { defaultDataDirectory } from "./data-directory.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { explainError } from "./explain-error.ts";
import { createTerminal } from "./terminal.ts";

const terminal = createTerminal();
let exitCode: ExitCode = exitCodes.complete;

/** A command's work, loaded only when it is asked for. */
const action =
  <Arguments extends unknown[]>(act: (...given: Arguments) => Promise<ExitCode>) =>
  async (...given: Arguments) => {
    exitCode = await act(...given);
  };

const rate = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0.05 && value <= 1000) || text.trim() === "")
    throw new InvalidArgumentError("It must be a number from 0.05 to 1000, calls per second.");
  return value;
};

const program = new Command("bulk-send")
  .description("Sends CSV campaigns through an Enswitch phone system, row by row, with a report that never guesses.")
  .showHelpAfterError(false)
  .exitOverride()
  .configureOutput({ writeErr: () => {} });

program
  .command("run")
  .description("send a CSV from this machine, until its report is there")
  .argument("<csv>", "the list")
  .option("--name <name>", "the campaign's name (default: the file's)")
  .option("--options <file>", "JSON with the campaign's options (default: the .json beside the CSV)")
  .option("--endpoint <url>", "the Enswitch API's prefix; without it the built-in simulator")
  .option("--rate <n>", "calls per second (default: 100 to the simulator, 10 to an endpoint)", rate)
  .option("--out <directory>", "where the report goes (default: reports/<name>)")
  .option("--data <directory>", "where everything is kept", defaultDataDirectory)
  .option("--json", "the result as JSON")
  .action(action(async (csv: string, options) => (await import("./run.ts")).run(csv, options, terminal)));

/** Runs the command line and returns its exit code. */
async function main(): Promise<ExitCode> {
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.complete;
      if (error.code === "commander.help") {
        terminal.note(program.helpInformation());
        return exitCodes.refused;
      }
      terminal.note(usage(error));
      return exitCodes.refused;
    }
    const { sentence, code } = explainError(error);
    terminal.note(sentence);
    if ((process.env["DEBUG"] ?? "") !== "") terminal.note(error instanceof Error ? (error.stack ?? "") : "");
    return code;
  }
}

/** Commander's complaint as one sentence. */
function usage({ message }: CommanderError): string {
  const text = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return `${/[.?!)]$/.test(sentence) ? sentence : `${sentence}.`} See bulk-send --help.`;
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  // Not left to the event loop: a kept-alive connection would delay the end by seconds.
  process.exit(await main());
}
