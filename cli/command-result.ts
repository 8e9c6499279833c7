import type { CommandResult } from "../shared/campaign/command-result.ts";
import { type Control, createControl } from "../shared/campaign/control.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { type ExitCode, exitCodes, Failure } from "./exit.ts";
import { person } from "./operator-name.ts";
import { atPlace, type Place } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/** Carries out a person's wish and says what came of it. One that is refused is a Failure. */
export const wish = (
  place: Place,
  terminal: Terminal,
  ask: (control: Control) => Promise<CommandResult>,
): Promise<ExitCode> =>
  atPlace(place, async ({ stack }) => {
    const { campaigns, account, nudge, outputs } = stack;
    const by = await person(stack);
    const control = createControl({
      campaigns,
      account,
      nudge,
      clock: systemClock,
      by,
      ceiling: outputs.SendsPerSecond,
    });
    const { kind, sentence } = await ask(control);
    if (kind === "refused") throw new Failure(sentence);
    terminal.say(sentence);
    return exitCodes.complete;
  });
