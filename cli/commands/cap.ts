import { callsPerDayOf } from "../../shared/account/account.ts";
import { counted, grouped } from "../../shared/in-words.ts";
import { carryOut } from "../carry-out.ts";
import { exitCodes } from "../exit.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the most messages of a day, or shows it when no number is given. */
export const cap = (perDay: number | undefined, target: Target, terminal: Terminal) =>
  perDay !== undefined
    ? carryOut(target, terminal, (control) => control.setCallsPerDay(perDay))
    : withStack(target, async ({ stack }) => {
        const limit = stack.outputs.MaxMessagesPerDay;
        terminal.say(
          limit === undefined
            ? "There is no limit of messages a day; the setting maxMessagesPerDay is one."
            : dayInWords(await stack.account.read(), limit, Date.now()),
        );
        return exitCodes.complete;
      });

/** The limit of a day and what of it is used; `now` in epoch milliseconds. */
function dayInWords(account: Parameters<typeof callsPerDayOf>[0] & DayOfAccount, limit: number, now: number): string {
  const perDay = callsPerDayOf(account, limit);
  const used = account.day !== undefined && now < account.day.until ? account.day.used : 0;
  return `At most ${counted(perDay, "message")} a day are sent; the stack allows at most ${grouped(limit)}. Of today's, ${grouped(used)} are taken.`;
}

interface DayOfAccount {
  readonly day?: { readonly until: number; readonly used: number };
}
