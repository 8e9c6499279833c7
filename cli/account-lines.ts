import { type Account, rateOf } from "../shared/account/account.ts";
import { copyable } from "../shared/copyable.ts";
import { counted, grouped, moment, sentence } from "../shared/in-words.ts";
import { unreadInWords } from "../shared/opt-outs/unread-in-words.ts";
import { isStopped } from "../shared/reconcile/restart.ts";
import type { Summary } from "../shared/report/summary.ts";
import { stateInWords } from "./live-lines.ts";
import type { OpenStack } from "./target.ts";

/** What `status` shows of the account. */
export interface AccountView {
  /** Calls per second in force, and the most that the stack allows. */
  readonly rate: number;
  readonly ceiling: number;
  /** A pause that a person has to end; being stopped with the local cloud is not one. */
  readonly pause: Account["pause"];
  readonly hold: Account["hold"];
  /** Set while the most calls of a day have been made. */
  readonly dayFull: Account["dayFull"];
  /** The most messages of a day that the stack allows; absent: no limit. */
  readonly maxPerDay: number | undefined;
  /** Since when replies are not read, and why. */
  readonly unread: NonNullable<Account["optOuts"]>["unread"];
  /** Whether nothing happens by itself. */
  readonly atRest: boolean;
  /** The campaigns that are not over. */
  readonly lives: readonly Summary[];
}

/** The account at the moment `now` (epoch ms), without its campaigns. */
export function accountView({ stack, atRest }: OpenStack, account: Account, now: number): Omit<AccountView, "lives"> {
  const ceiling = stack.outputs.SendsPerSecond;
  return {
    rate: rateOf(account, ceiling),
    ceiling,
    pause: isStopped(account) ? undefined : account.pause,
    hold: account.hold !== undefined && account.hold.until > now ? account.hold : undefined,
    dayFull: account.dayFull !== undefined && account.dayFull.until > now ? account.dayFull : undefined,
    maxPerDay: stack.outputs.MaxMessagesPerDay,
    unread: account.optOuts?.unread,
    atRest,
  };
}

/** The account as JSON, for programs. */
export function accountJson({ rate, ceiling, pause, hold, dayFull, unread, atRest, lives }: AccountView): string {
  return JSON.stringify({
    rate,
    ceiling,
    pause: pause && { code: pause.code, reason: pause.reason, at: new Date(pause.at).toISOString(), by: pause.by },
    hold: hold && { until: new Date(hold.until).toISOString(), reason: hold.reason },
    dayFull: dayFull && { until: new Date(dayFull.until).toISOString(), calls: dayFull.calls },
    repliesUnread: unread && { since: new Date(unread.since).toISOString(), reason: unread.reason },
    running: !atRest,
    campaigns: lives.map(({ name, state, counts, remaining }) => ({ name, state, counts, remaining })),
  });
}

/** The account in a few lines; a pause, with its reason and what ends it, is the last one. `words` name the target in another command. */
export function accountLines(
  { rate, ceiling, pause, hold, dayFull, maxPerDay, unread, atRest, lives }: AccountView,
  words: readonly string[],
): readonly string[] {
  return [
    `The rate is ${rate} a second${rate < ceiling ? `, of ${ceiling} at most` : ""}.`,
    ...lives.map((live) => `${live.name}: ${stateInWords(live, atRest)}.`),
    ...(lives.length === 0 ? ["No campaign is in progress."] : []),
    ...(hold === undefined ? [] : [`On hold until ${moment(hold.until)}: ${hold.reason}`]),
    ...(dayFull === undefined ? [] : [dayFullLine(dayFull, maxPerDay, words)]),
    ...(unread === undefined ? [] : [unreadInWords(unread)]),
    ...(pause === undefined
      ? []
      : [`The account is paused. ${sentence(pause.reason)} To end the pause: ${copyable("resume", ...words)}`]),
  ];
}

/** That the day's messages are used up: all that the setting allows, or less, which a person set and a command raises. */
function dayFullLine(
  { calls, until }: NonNullable<Account["dayFull"]>,
  maxPerDay: number | undefined,
  words: readonly string[],
): string {
  const goesOn = `is used up for today; sending goes on at ${moment(until)}.`;
  const limit = `The limit of ${counted(calls, "message")} a day`;
  if (maxPerDay === undefined || calls >= maxPerDay) return `${limit} (maxMessagesPerDay) ${goesOn}`;
  return `${limit}, of ${grouped(maxPerDay)} that the stack allows, ${goesOn} To raise it: ${copyable("cap", String(maxPerDay), ...words)}`;
}
