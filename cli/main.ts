#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Argument, Command, CommanderError, InvalidArgumentError } from "commander";
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

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError("It must be a port, from 1 to 65535.");
  return value;
};

const program = new Command("bulk-send")
  .description("Sends CSV campaigns through an Enswitch phone system, row by row, with a report that never guesses.")
  .showHelpAfterError(false)
  .exitOverride()
  .configureOutput({ writeErr: () => {} });

/** A command for a stack on AWS or the cloud of this machine. */
const placed = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option("--stack <name>", "the stack on AWS", "BulkSend")
    .option("--region <region>", "its region")
    .option("--profile <profile>", "the AWS profile")
    .option("--local", "the campaigns of this machine instead")
    .option("--data <directory>", `their directory (default: "${defaultDataDirectory}"); means --local`);

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
  .action(action(async (csv: string, options) => (await import("./commands/run.ts")).run(csv, options, terminal)));

program
  .command("serve")
  .description("keep the local cloud up; any S3 client can upload into it")
  .option("--endpoint <url>", "the Enswitch API's prefix; without it the built-in simulator")
  .option("--rate <n>", "calls per second (default: 100 to the simulator, 10 to an endpoint)", rate)
  .option("--data <directory>", "where everything is kept", defaultDataDirectory)
  .option("--port <n>", "where to listen on 127.0.0.1 (default: any free port)", port)
  .option("--json", "how to reach it as JSON")
  .action(action(async (options) => (await import("./commands/serve.ts")).serve(options, terminal)));

program
  .command("check")
  .description("judge a CSV as it would be sent; sends nothing")
  .argument("<csv>", "the list")
  .option("--options <file>", "JSON with the campaign's options (default: the .json beside the CSV)")
  .option("--rate <n>", "calls per second to reckon with (default: sendsPerSecond in cdk.json)", rate)
  .option("--json", "the result as JSON")
  .action(action(async (csv: string, options) => (await import("./commands/check.ts")).check(csv, options, terminal)));

placed("upload", "upload a CSV as a campaign")
  .argument("<csv>", "the list")
  .option("--name <name>", "the campaign's name (default: the file's)")
  .option("--options <file>", "JSON with the campaign's options (default: the .json beside the CSV)")
  .option("--json", "the result as JSON")
  .action(
    action(async (csv: string, options) => (await import("./commands/upload.ts")).upload(csv, options, terminal)),
  );

placed("list", "list the campaigns")
  .option("--json", "as JSON")
  .action(action(async (options) => (await import("./commands/list.ts")).list(options, terminal)));

placed("status", "how a campaign stands, or the account")
  .argument("[name]", "the campaign")
  .option("--watch", "until it is over")
  .option("--json", "as JSON")
  .action(
    action(async (name: string | undefined, options) =>
      (await import("./commands/status.ts")).status(name, options, terminal),
    ),
  );

placed("report", "copy a campaign's report")
  .argument("<name>", "the campaign")
  .option("-o, --out <directory>", "where to (default: reports/<name>)")
  .option("--json", "its summary as JSON")
  .action(
    action(async (name: string, options) => (await import("./commands/report.ts")).report(name, options, terminal)),
  );

placed("pause", "pause a campaign, or without a name all sending")
  .argument("[name]", "the campaign")
  .action(
    action(async (name: string | undefined, options) =>
      (await import("./commands/pause.ts")).pause(name, options, terminal),
    ),
  );

placed("resume", "let a campaign go on, or without a name all sending")
  .argument("[name]", "the campaign")
  .action(
    action(async (name: string | undefined, options) =>
      (await import("./commands/resume.ts")).resume(name, options, terminal),
    ),
  );

placed("cancel", "end a campaign; what was not sent stays unsent")
  .argument("<name>", "the campaign")
  .action(
    action(async (name: string, options) => (await import("./commands/cancel.ts")).cancel(name, options, terminal)),
  );

placed("rate", "set the account's rate, or say what it is")
  .argument("[n]", "calls per second, at most the stack's sendsPerSecond", rate)
  .action(
    action(async (perSecond: number | undefined, options) =>
      (await import("./commands/rate.ts")).rate(perSecond, options, terminal),
    ),
  );

placed("credentials", "store the Enswitch user; asks without echo").action(
  action(async (options) => (await import("./commands/credentials.ts")).credentials(options, terminal)),
);

placed("test", "send a list's first text to your own phone")
  .argument("<number>", "your own number")
  .argument("<csv>", "the list")
  .option("--options <file>", "JSON with the campaign's options (default: the .json beside the CSV)")
  .option("--yes", "without being asked")
  .action(
    action(async (number: string, csv: string, options) =>
      (await import("./commands/test-message.ts")).test(number, csv, options, terminal),
    ),
  );

placed("doctor", "look at everything a campaign needs")
  .option("--json", "as JSON")
  .action(action(async (options) => (await import("./commands/doctor.ts")).doctor(options, terminal)));

placed("suppress", "numbers never to send to")
  .addArgument(new Argument("<what>").choices(["add", "remove", "list"]))
  .argument("[numbers...]", "telephone numbers")
  .option("--json", "the list as JSON")
  .action(
    action(async (what: "add" | "remove" | "list", numbers: string[], options) =>
      (await import("./commands/suppress.ts")).suppress(what, numbers, options, terminal),
    ),
  );

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
