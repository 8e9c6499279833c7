import { existsSync } from "node:fs";
import type { Options } from "../../shared/campaign/options.ts";
import { copyable } from "../../shared/copyable.ts";
import { askAtTerminal, type Prompter, somebodyCanAnswer } from "../ask.ts";
import { askOptions } from "../ask-options.ts";
import { findCampaignFile, optionsBeside } from "../campaign-file.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { settingsHere } from "../judge-list.ts";
import type { Terminal } from "../terminal.ts";
import { writeWhole } from "../whole-file.ts";
import { check } from "./check.ts";
import { run } from "./run.ts";

/**
 * Asks for what a list needs to be sent, writes it into the JSON beside the list, and offers to check the list and to try
 * it with the simulator. Throws a Refused where nobody can be asked.
 */
export async function newOptions(
  named: string,
  terminal: Terminal,
  prompter: Prompter | undefined = somebodyCanAnswer() ? askAtTerminal : undefined,
): Promise<ExitCode> {
  const { csv, options: found } = await findCampaignFile(named, {});
  const json = found?.file ?? optionsBeside(csv);
  if (prompter === undefined) {
    throw new Refused(
      `new asks questions, which needs a terminal. Without one, --message, --from and --country on check, run and upload say the same, for example: ${copyable("check", csv, "--message", "Hello, …", "--from", "01632960000", "--country", "GB")}`,
    );
  }
  if (found !== undefined && !(await prompter.confirm(`${json} exists already. Change it?`, false))) {
    terminal.say(`${json} is as it was.`);
    return exitCodes.complete;
  }
  const { defaults } = await settingsHere();
  const conversation = { prompter, show: (line: string) => terminal.note(line) };
  const options = await askOptions({ csv, options: found?.read ?? {}, defaults }, conversation);
  await writeJson(json, options, found !== undefined);
  terminal.say(`${json} is written.`);
  if (!(await prompter.confirm("Check the whole list now?", true))) {
    terminal.say(`To check it later: ${copyable("check", csv)}`);
    return exitCodes.complete;
  }
  const checked = await check(csv, {}, terminal);
  if (await prompter.confirm("Try it with the simulator? Nothing leaves this machine.", false)) {
    return run(csv, {}, terminal);
  }
  terminal.say(`To try it with the simulator later: ${copyable("run", csv)}`);
  return checked;
}

/** A file that came into being while the questions were asked is not touched. */
async function writeJson(path: string, options: Options, replace: boolean): Promise<void> {
  if (!replace && existsSync(path)) throw new Refused(`${path} has come into being meanwhile; it is as it was.`);
  await writeWhole(path, `${JSON.stringify(options, undefined, 2)}\n`);
}
