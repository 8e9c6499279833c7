import type { Defaults, Options } from "../campaign/options.ts";
import { nextOpening } from "../campaign/window.ts";
import { counted, moment } from "../in-words.ts";

/**
 * What the times in the options mean for a campaign that starts at `now` (epoch ms) and needs `seconds` of sending, in
 * sentences for a person; none when nothing delays it. A window that closes in between is not taken into account.
 */
export function outlook(options: Options, defaults: Defaults, now: number, seconds: number): readonly string[] {
  const { sendAfter, sendBefore } = options;
  const before = sendBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(sendBefore);
  if (before <= now) {
    return [`sendBefore (${moment(before)}) has passed: every row would be cancelled and nothing sent.`];
  }
  const earliest = Math.max(now, sendAfter === undefined ? now : Date.parse(sendAfter));
  const windows = [options.window, defaults.window].filter((window) => window !== undefined);
  const begin = nextOpening(windows, earliest);
  if (begin === undefined) {
    return [
      "The campaign's window and the stack's are never open at the same time: nothing would ever be sent. Correct the window in the options.",
    ];
  }
  if (begin >= before) {
    return [
      `The window does not open before sendBefore (${moment(before)}) passes: every row would be cancelled and nothing sent.`,
    ];
  }
  const late = Math.ceil((begin + seconds * 1000 - before) / 60_000);
  return [
    ...(begin > now ? [`Sending would begin at ${moment(begin)}.`] : []),
    ...(late > 0
      ? [
          `Sending would take until ${counted(late, "minute")} after sendBefore (${moment(before)}); rows whose turn had not come by sendBefore would be cancelled.`,
        ]
      : []),
  ];
}
