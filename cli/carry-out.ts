import type { CommandResult } from "../shared/campaign/command-result.ts";
import { type Control, createControl } from "../shared/campaign/control.ts";
import { copyable } from "../shared/copyable.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { type ExitCode, exitCodes, Failure } from "./exit.ts";
import { operatorName } from "./operator-name.ts";
import { continues, type OpenStack, type Target, withStack } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/** The options of every command that changes how campaigns are sent. */
export type ControlOptions = Target & { readonly json?: boolean };

/** What is asked, as `--json` prints it beside the sentence. */
export interface Deed {
  readonly what: "pause" | "resume" | "cancel" | "rate" | "cap";
  /** The campaign; absent for the whole account. */
  readonly name?: string;
  /** Calls per second, for a rate. */
  readonly rate?: number;
  /** Messages per day, for a daily limit. */
  readonly perDay?: number;
}

/** What came of a command, with those that may follow as they can be copied; `target` are the words that name its target. */
export const withCommands = ({ sentence, next = [] }: Omit<CommandResult, "kind">, target: readonly string[]): string =>
  [sentence, ...next.map(({ words, to }) => `To ${to}: ${copyable(...words, ...target)}`)].join(" ");

/** After these something is done: the rest is sent, or the report is written. */
const goesOn: ReadonlySet<Deed["what"]> = new Set(["resume", "cancel"]);

const whileThisRuns = (opened: OpenStack) =>
  `Nothing is running on this directory; that happens while this runs: ${continues(opened)}`;

/** Carries out what the operator asks of a campaign or the account, and says what came of it. A refusal is a Failure. */
export const carryOut = (
  deed: Deed,
  options: ControlOptions,
  terminal: Terminal,
  ask: (control: Control) => ReturnType<Control["pause"]>,
): Promise<ExitCode> =>
  withStack(options, async (opened) => {
    const { stack, atRest, words } = opened;
    const { campaigns, account, nudge, outputs } = stack;
    const control = createControl({
      campaigns,
      account,
      nudge,
      clock: systemClock,
      by: await operatorName(stack),
      ceiling: outputs.SendsPerSecond,
      maxPerDay: outputs.MaxMessagesPerDay,
    });
    const { kind, ...result } = await ask(control);
    const said = withCommands(result, words);
    if (kind === "refused") throw new Failure(said);
    const sentence = atRest && goesOn.has(deed.what) ? `${said} ${whileThisRuns(opened)}` : said;
    terminal.say(options.json ? JSON.stringify({ ...deed, sentence }) : sentence);
    return exitCodes.complete;
  });
