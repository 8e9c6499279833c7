#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { createCommandLine } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { explainError } from "./explain-error.ts";
import { createTerminal } from "./terminal.ts";

/** Runs the command line and returns its exit code. */
async function main(): Promise<ExitCode> {
  const terminal = createTerminal();
  const commandLine = createCommandLine(terminal);
  try {
    return await commandLine.run();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.complete;
      terminal.note(error.code === "commander.help" ? commandLine.help() : usageSentence(error));
      return exitCodes.refused;
    }
    const { sentence, code } = explainError(error);
    terminal.note(sentence);
    if ((process.env["DEBUG"] ?? "") !== "") terminal.note(error instanceof Error ? (error.stack ?? "") : "");
    return code;
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

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  // Not left to the event loop: a kept-alive connection would delay the exit by seconds.
  process.exit(await main());
}
