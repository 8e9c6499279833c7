import { rateOf } from "../../shared/account/account.ts";
import { type ControlOptions, carryOut } from "../carry-out.ts";
import { exitCodes } from "../exit.ts";
import { withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the account's rate in calls per second, or shows it when no rate is given. */
export const rate = (perSecond: number | undefined, options: ControlOptions, terminal: Terminal) =>
  perSecond !== undefined
    ? carryOut({ what: "rate", rate: perSecond }, options, terminal, (control) => control.setRate(perSecond))
    : withStack(options, async ({ stack }) => {
        const ceiling = stack.outputs.SendsPerSecond;
        const now = rateOf(await stack.account.read(), ceiling);
        terminal.say(
          options.json
            ? JSON.stringify({ rate: now, ceiling })
            : `The rate is ${now} a second; the stack allows at most ${ceiling}.`,
        );
        return exitCodes.complete;
      });
