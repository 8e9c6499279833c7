import { rateOf } from "../../shared/account/account.ts";
import { carryOut } from "../carry-out.ts";
import { exitCodes } from "../exit.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the account's rate in calls per second, or shows it when no rate is given. */
export const rate = (perSecond: number | undefined, target: Target, terminal: Terminal) =>
  perSecond !== undefined
    ? carryOut(target, terminal, (control) => control.setRate(perSecond))
    : withStack(target, async ({ stack }) => {
        const ceiling = stack.outputs.SendsPerSecond;
        const now = rateOf(await stack.account.read(), ceiling);
        terminal.say(`The rate is ${now} a second; the stack allows at most ${ceiling}.`);
        return exitCodes.complete;
      });
