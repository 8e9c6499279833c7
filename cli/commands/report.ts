import { join } from "node:path";
import { copyable } from "../../shared/copyable.ts";
import { counted, sentence } from "../../shared/in-words.ts";
import { exitCodes, Failure } from "../exit.ts";
import { copyReport, readUnderAnyForm, reportDirectory, sayWhereThePageIs } from "../report-files.ts";
import { stepsHere } from "../send-again.ts";
import { summaryLines } from "../summary-lines.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Copies a campaign's report into a directory, by default `reports/<name>`. */
export const report = (
  asked: string,
  options: Target & { readonly out?: string; readonly json?: boolean },
  terminal: Terminal,
) =>
  withStack(options, async (opened) => {
    const { stack, words } = opened;
    const { name, summary } = await readUnderAnyForm(stack.bucket, asked);
    const directory = options.out ?? reportDirectory(name);
    if (summary === undefined) {
      const all = copyable("list", ...words);
      const { KeepDays: days } = stack.outputs;
      const expired = days === undefined ? "" : `, or it has expired after ${counted(days, "day")} (keepDays)`;
      throw new Failure(`There is no report for ${name}${expired}. To see all campaigns: ${all}`);
    }
    await copyReport(stack.bucket, name, directory);
    if (options.json) terminal.say(JSON.stringify({ ...summary, reportDirectory: directory }));
    else if (summary.state === "complete") {
      const steps = stepsHere(summary, opened, directory);
      for (const line of summaryLines(summary, directory, steps)) terminal.say(line);
    } else {
      const over = summary.state === "refused" || summary.state === "checked";
      terminal.say(`${name}: ${sentence(summary.stateText)}`);
      terminal.say(
        over
          ? `The page is ${join(directory, "report.html")}.`
          : `The report so far is in ${join(directory, "/")}; report.csv is written at the end.`,
      );
    }
    if (!options.json) sayWhereThePageIs(directory, terminal);
    return exitCodes.complete;
  });
