import { forecastHours } from "../campaign/hours-forecast.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { byRecipient, type ZoneGroup, zonesInWords } from "../campaign/recipient-hours.ts";
import { nextOpening } from "../campaign/window.ts";
import { counted, moment } from "../in-words.ts";

/**
 * What the times in the options mean for a campaign that starts at `now` (epoch ms) and needs `seconds` of sending, in
 * sentences for a person; none when nothing delays it. A window that closes in between is not taken into account, unless
 * hours are by the clocks of the recipients, who are in `zones`.
 */
export function outlook(
  options: Options,
  defaults: Defaults,
  now: number,
  seconds: number,
  zones: readonly ZoneGroup[] = [],
): readonly string[] {
  const { sendAfter, sendBefore } = options;
  const before = sendBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(sendBefore);
  if (before <= now) {
    return [`sendBefore (${moment(before)}) has passed: every row would be cancelled and nothing sent.`];
  }
  const earliest = Math.max(now, sendAfter === undefined ? now : Date.parse(sendAfter));
  if (byRecipient({ options, defaults })) {
    const rows = zones.reduce((sum, group) => sum + group.rows, 0);
    const rate = seconds > 0 ? rows / seconds : 1;
    return [
      ...(earliest > now ? [`Sending would begin at ${moment(earliest)} or later, in each recipient's hours.`] : []),
      ...(sendBefore === undefined
        ? []
        : lateGroups({ options, defaults, zones }, { from: earliest, until: before, rate })),
    ];
  }
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

/** Most groups that have a sentence each. */
const groupsTold = 5;

/** Which recipients' hours do not suffice before `sendBefore` (`until`), in sentences. */
function lateGroups(
  campaign: Parameters<typeof forecastHours>[0],
  request: Parameters<typeof forecastHours>[1],
): readonly string[] {
  const late = forecastHours(campaign, request).filter((group) => group.late > 0);
  const told = late
    .slice(0, groupsTold)
    .map(({ zones, rows, opensAt, late }) =>
      opensAt !== undefined && opensAt >= request.until
        ? `The hours of the recipients in ${zonesInWords(zones)} do not begin before sendBefore (${moment(request.until)}) passes: ${counted(rows, "row")} would be cancelled.`
        : `The hours of the recipients in ${zonesInWords(zones)} do not suffice before sendBefore (${moment(request.until)}): about ${counted(late, "row")} of ${counted(rows, "row")} would be cancelled.`,
    );
  const more = late.length - told.length;
  return more === 0 ? told : [...told, `So it is with the recipients in ${counted(more, "other group")} of zones.`];
}
