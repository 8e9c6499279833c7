import { rateOf } from "../../shared/account/account.ts";
import { wish } from "../command-result.ts";
import { exitCodes } from "../exit.ts";
import { atPlace, type Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the account's rate in calls per second, or without one says what it is. */
export const rate = (perSecond: number | undefined, place: Place, terminal: Terminal) =>
  perSecond !== undefined
    ? wish(place, terminal, (control) => control.setRate(perSecond))
    : atPlace(place, async ({ stack }) => {
        const ceiling = stack.outputs.SendsPerSecond;
        const now = rateOf(await stack.account.read(), ceiling);
        terminal.say(`The rate is ${now} a second; the stack allows at most ${ceiling}.`);
        return exitCodes.complete;
      });
