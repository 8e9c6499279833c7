import {
  type Account,
  callsPerDayOf,
  changeCallsPerDay,
  changeRate,
  rateOf,
  resumeAccount,
} from "../account/account.ts";
import type { Decision } from "../account/account-store.ts";
import { type AccountAction, storedAction, withEntries } from "../account/history.ts";
import { counted } from "../in-words.ts";
import type { CommandResult } from "./command-result.ts";

/** Decides what a command makes of the account. Pure. */
export type AccountCommand = (account: Account, now: number) => Decision<CommandResult>;

/** Pauses all sending, in the name of `by`. */
export const pausing =
  (by: string): AccountCommand =>
  (account, now) => {
    if (account.pause !== undefined) return unchanged(account, "refused", "The account is already paused.");
    const pause = { code: "person" as const, reason: `Paused by ${by}.`, at: now, by };
    return {
      account: note({ ...account, pause, epoch: account.epoch + 1 }, { kind: "paused" }, by, now),
      result: {
        kind: "granted",
        sentence: "All sending is paused.",
        next: [{ to: "let it go on", words: ["resume"] }],
      },
    };
  };

/** Ends a pause or a hold, in the name of `by`; one probe goes first. */
export const resuming =
  (by: string): AccountCommand =>
  (account, now) => {
    if (account.pause === undefined && account.hold === undefined) {
      return unchanged(account, "refused", "The account is neither paused nor on hold.");
    }
    return {
      account: note(resumeAccount(account), { kind: "resumed" }, by, now),
      result: {
        kind: "granted",
        sentence: "Sending goes on, with one message first to see whether Enswitch takes it.",
      },
    };
  };

/** Changes the rate (calls per second, above 0 and at most `ceiling`), in the name of `by`. */
export const changingRate =
  (rate: number, ceiling: number, by: string): AccountCommand =>
  (account, now) => {
    if (rateOf(account, ceiling) === rate) return unchanged(account, "granted", `The rate is ${rate} a second.`);
    return {
      account: note(changeRate(account, rate, now), { kind: "rate", rate }, by, now),
      result: { kind: "granted", sentence: `The rate is ${rate} a second now.` },
    };
  };

/** Changes the most calls of a day (at least 1, at most the stack's `limit`), in the name of `by`. */
export const changingCallsPerDay =
  (calls: number, limit: number, by: string): AccountCommand =>
  (account, now) => {
    if (callsPerDayOf(account, limit) === calls) {
      return unchanged(account, "granted", `At most ${counted(calls, "message")} a day are sent.`);
    }
    return {
      account: note(changeCallsPerDay(account, calls), { kind: "cap", callsPerDay: calls }, by, now),
      result: { kind: "granted", sentence: `At most ${counted(calls, "message")} a day are sent now.` },
    };
  };

const unchanged = (account: Account, kind: CommandResult["kind"], sentence: string): Decision<CommandResult> => ({
  account,
  result: { kind, sentence },
});

const note = (account: Account, action: AccountAction, by: string, now: number): Account => ({
  ...account,
  history: withEntries(account.history, { what: storedAction(action), by, at: now }),
});
