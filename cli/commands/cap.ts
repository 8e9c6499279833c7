import { type Account, callsPerDayOf, usedToday } from "../../shared/account/account.ts";
import { noDayLimit } from "../../shared/campaign/control.ts";
import { counted, grouped } from "../../shared/in-words.ts";
import { type ControlOptions, carryOut } from "../carry-out.ts";
import { exitCodes } from "../exit.ts";
import { withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the most messages of a day, or shows it when no number is given. */
export const cap = (perDay: number | undefined, options: ControlOptions, terminal: Terminal) =>
  perDay !== undefined
    ? carryOut({ what: "cap", perDay }, options, terminal, (control) => control.setCallsPerDay(perDay))
    : withStack(options, async ({ stack }) => {
        const limit = stack.outputs.MaxMessagesPerDay;
        const day = limit === undefined ? undefined : dayOf(await stack.account.read(), limit, Date.now());
        if (options.json) terminal.say(JSON.stringify({ ...day, ceiling: limit }));
        else {
          terminal.say(
            day === undefined
              ? noDayLimit
              : `At most ${counted(day.perDay, "message")} a day are sent; the stack allows at most ${grouped(limit ?? day.perDay)}. Of today's, ${grouped(day.used)} ${day.used === 1 ? "is" : "are"} used, or planned for the next seconds.`,
          );
        }
        return exitCodes.complete;
      });

/** The limit of a day and what of it is used; `now` in epoch milliseconds. */
const dayOf = (account: Account, limit: number, now: number) => ({
  perDay: callsPerDayOf(account, limit),
  used: usedToday(account, now),
});
