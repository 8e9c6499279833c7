import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkOpen } from "../data-directory.ts";
import { exitCodes, Failure } from "../exit.ts";
import type { Outputs } from "../stack.ts";
import { dataDirectoryOf, isLocal, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The functions, in the order in which a row passes them. */
const functionNames = ["splitter", "sender", "reporter"] as const;
type FunctionName = (typeof functionNames)[number];

/** The options of the command line. */
type LogsOptions = Target & { readonly json?: boolean };

/** How much of the end of a log is shown, in bytes: some hundred lines. */
const shownBytes = 64 * 1024;

/**
 * Shows what the functions have logged last: on this machine their log files; on AWS the commands that follow their log
 * groups, which AWS's own command line reads best.
 */
export async function logs(only: FunctionName | undefined, options: LogsOptions, terminal: Terminal) {
  const names = only === undefined ? functionNames : [only];
  if (!isLocal(options)) {
    return withStack(options, async ({ stack }) => {
      for (const line of logCommands(names, stack.outputs, options)) terminal.say(line);
      return exitCodes.complete;
    });
  }
  await checkOpen(dataDirectoryOf(options));
  const files = names.map((name) => join(dataDirectoryOf(options), "logs", `${name}.log`));
  let found = 0;
  for (const file of files) {
    const size = (await stat(file).catch(() => undefined))?.size;
    if (size === undefined) continue;
    found += 1;
    if (files.length > 1) terminal.note(`${file}:`);
    for await (const line of lastLines(file, size)) terminal.say(line);
  }
  if (found === 0) throw new Failure(`There is nothing in ${join(dataDirectoryOf(options), "logs")} yet.`);
  return exitCodes.complete;
}

/** The end of a file in whole lines. */
async function* lastLines(file: string, size: number): AsyncGenerator<string> {
  const start = Math.max(0, size - shownBytes);
  let whole = start === 0;
  for await (const line of createInterface({ input: createReadStream(file, { start }) })) {
    if (whole) yield line;
    whole = true;
  }
}

/** A command for each function, which can be copied. Throws a Failure for a stack that does not say where they log. */
export function logCommands(
  names: readonly FunctionName[],
  outputs: Partial<Outputs>,
  { region, profile }: Pick<Target, "region" | "profile">,
): readonly string[] {
  const groups = {
    splitter: outputs.SplitterLogGroupName,
    sender: outputs.SenderLogGroupName,
    reporter: outputs.ReporterLogGroupName,
  };
  const access = [
    ...(region === undefined ? [] : ["--region", region]),
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
  return names.map((name) => {
    const group = groups[name];
    if (group === undefined) {
      throw new Failure("The stack does not say where its functions log; deploy it again with this version.");
    }
    return ["aws logs tail", group, "--since 1h --follow", ...access].join(" ");
  });
}
