import { counted } from "../../shared/in-words.ts";
import { liveCounts } from "../../shared/report/live-counts.ts";
import { type Confirm, confirmHere } from "../ask.ts";
import { type ControlOptions, carryOut } from "../carry-out.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export type CancelOptions = ControlOptions & { readonly yes?: boolean };

/**
 * Ends a campaign: rows that have not been sent never will be, so a person at a terminal is asked first. Where nobody can
 * be asked, the command is the answer.
 */
export async function cancel(
  name: string,
  options: CancelOptions,
  terminal: Terminal,
  confirm: Confirm | undefined = confirmHere(),
): Promise<ExitCode> {
  if (confirm !== undefined && !options.yes) {
    const question = await questionFor(name, options);
    if (question !== undefined && !(await confirm(question))) {
      const sentence = `${name} goes on as before.`;
      terminal.say(options.json ? JSON.stringify({ what: "cancel", name, sentence }) : sentence);
      return exitCodes.complete;
    }
  }
  return carryOut({ what: "cancel", name }, options, terminal, (control) => control.cancel(name));
}

/** What cancelling means for the rows; `undefined` where there is nothing to cancel, which the command itself says. */
async function questionFor(name: string, options: CancelOptions): Promise<string | undefined> {
  let question: string | undefined;
  await withStack(options, async ({ stack }) => {
    const campaign = await stack.campaigns.read(name, { consistent: true });
    if (campaign?.state === "running" || campaign?.state === "paused") {
      const { remaining } = liveCounts(campaign);
      question = `Cancel ${name} for good? ${counted(remaining, "row")} that ${remaining === 1 ? "has" : "have"} not been sent never will be.`;
    }
    return exitCodes.complete;
  });
  return question;
}
