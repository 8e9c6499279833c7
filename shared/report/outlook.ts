import type { DayLimit } from "../account/day-limit.ts";
import { forecastHours } from "../campaign/hours-forecast.ts";
import type { Defaults, Options, Window } from "../campaign/options.ts";
import { byRecipient, type ZoneGroup, zonesInWords } from "../campaign/recipient-hours.ts";
import { dailyRoomOf, sendingTime } from "../campaign/sending-time.ts";
import { nextOpening } from "../campaign/window.ts";
import { counted, moment } from "../in-words.ts";

/** What a campaign would send, and what bounds it. */
export interface WouldSend {
  readonly sendable: number;
  /** Calls per second; absent where it is not known. */
  readonly rate?: number;
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
  /** Who is in which zones, where hours are by the recipients' clocks. */
  readonly zones?: readonly ZoneGroup[];
}

/**
 * What the times in the options and the stack's most calls of a day mean for a campaign that starts at `now` (epoch ms), in
 * sentences for a person; none when nothing delays it. Other campaigns are not taken into account.
 */
export function outlook(options: Options, defaults: Defaults, now: number, would: WouldSend): readonly string[] {
  const { sendAfter, sendBefore } = options;
  const before = sendBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(sendBefore);
  if (before <= now) {
    return [`sendBefore (${moment(before)}) has passed: every row would be cancelled and nothing sent.`];
  }
  const earliest = Math.max(now, sendAfter === undefined ? now : Date.parse(sendAfter));
  if (byRecipient({ options, defaults })) {
    const { zones = [], rate = 0, dayLimit } = would;
    const day = dayLimit && dailyRoomOf(dayLimit);
    return [
      ...(earliest > now ? [`Sending would begin at ${moment(earliest)} or later, in each recipient's hours.`] : []),
      ...(sendBefore === undefined
        ? []
        : lateGroups({ options, defaults, zones }, { from: earliest, until: before, rate, day })),
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
  return [
    ...(begin > now ? [`Sending would begin at ${moment(begin)}.`] : []),
    ...endInWords(would, windows, begin, before),
  ];
}

/** How far ahead the end of sending is told, milliseconds: nobody plans by what is further away. */
const horizonMs = 400 * 24 * 3600_000;

/** When sending is over that begins at `begin`, where the rate alone does not say it, and what `before` cuts off (epoch ms). */
function endInWords(
  { sendable, rate, dayLimit }: WouldSend,
  windows: readonly Window[],
  begin: number,
  before: number,
): readonly string[] {
  if (rate === undefined || sendable === 0) return [];
  const day = dayLimit && dailyRoomOf(dayLimit);
  const last = begin + horizonMs;
  const { end = last } = sendingTime(sendable, { rate, windows, day }, begin, last);
  const isInterrupted = end - begin > (sendable * 1000) / rate + 60_000;
  const bounds = [
    ...(dayLimit !== undefined && sendable > dayLimit.calls
      ? [`at no more than ${counted(dayLimit.calls, "message")} a day (maxMessagesPerDay)`]
      : []),
    ...(windows.length > 0 ? ["within the window"] : []),
  ].join(" and ");
  const late = Math.ceil((end - before) / 60_000);
  return [
    ...(isInterrupted && bounds !== ""
      ? [`Sending ${bounds} would take until ${end < last ? moment(end) : `after ${moment(last)}`}.`]
      : []),
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
