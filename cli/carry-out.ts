import { type Control, createControl } from "../shared/campaign/control.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { type ExitCode, exitCodes, Failure } from "./exit.ts";
import { operatorName } from "./operator-name.ts";
import { type Target, withStack } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/** Carries out what the operator asks of a campaign or the account, and says what came of it. A refusal is a Failure. */
export const carryOut = (
  target: Target,
  terminal: Terminal,
  ask: (control: Control) => ReturnType<Control["pause"]>,
): Promise<ExitCode> =>
  withStack(target, async ({ stack }) => {
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
    const { kind, sentence } = await ask(control);
    if (kind === "refused") throw new Failure(sentence);
    terminal.say(sentence);
    return exitCodes.complete;
  });
