import type { DayLimit } from "../account/day-limit.ts";
import { counted, duration, grouped, moment } from "../in-words.ts";
import { forecastHours } from "./hours-forecast.ts";
import { closesAt } from "./may-send.ts";
import type { Defaults, Options } from "./options.ts";
import { byRecipient, type ZoneGroup, zonesInWords } from "./recipient-hours.ts";
import { dailyRoomOf, sendingTime } from "./sending-time.ts";

/** A campaign that was judged and not yet committed. */
export interface UncommittedCampaign {
  readonly options: Pick<Options, "sendAfter" | "window">;
  readonly defaults: Pick<Defaults, "window">;
  /** Rows that can be sent. */
  readonly sendable: number;
  /** Calls per second at most: the stack's `sendsPerSecond`. */
  readonly rate: number;
  readonly retainDays: number;
  /** Of them, how many have recipients in which zones, where hours are by the recipients' clocks. */
  readonly zones?: readonly ZoneGroup[];
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
}

const dayMs = 24 * 3600_000;

/**
 * Why a campaign that would be committed at `now` (epoch ms) could never be sent before the stack forgets it and cancels
 * what is left, in one sentence; `undefined` when it can. Only what is certain counts: the highest rate, nothing else to send.
 */
export function retentionFault(campaign: UncommittedCampaign, now: number): string | undefined {
  const { options, defaults, sendable, rate, retainDays, dayLimit } = campaign;
  if (sendable === 0) return undefined;
  const over = closesAt({ createdAt: now, retainUntil: now + retainDays * dayMs });
  const kept = `this stack keeps a campaign for ${counted(retainDays, "day")} (retainDays) and ends it at ${moment(over)}`;
  const sendAfter = options.sendAfter === undefined ? now : Date.parse(options.sendAfter);
  if (sendAfter >= over) {
    return `sendAfter is ${moment(sendAfter)}, but ${kept}, so that nothing would ever be sent; choose an earlier sendAfter, or upload the list later.`;
  }
  const from = Math.max(now, sendAfter);
  if (byRecipient(campaign)) {
    const day = dayLimit && dailyRoomOf(dayLimit);
    const hours = { options, defaults, zones: campaign.zones ?? [] };
    const late = forecastHours(hours, { from, until: over, rate, day }).filter(({ late }) => late > 1);
    const [first] = late;
    if (first === undefined) return undefined;
    const messages = late.reduce((sum, { late }) => sum + late, 0);
    const limit =
      dayLimit === undefined ? "" : ` and no more than ${grouped(dayLimit.calls)} a day (maxMessagesPerDay)`;
    return `${counted(messages, "message")} at ${rate} a second${limit} would not be sent in their recipients' hours (${zonesInWords(first.zones)}${late.length > 1 ? " and others" : ""}), since ${kept}; split the list, change window, or raise the rate${dayLimit === undefined ? "" : ", maxMessagesPerDay"} or retainDays.`;
  }
  const windows = [options.window, defaults.window].filter((window) => window !== undefined);
  const needed = ((sendable - 1) * 1000) / rate;
  const day = dayLimit && dailyRoomOf(dayLimit);
  // The first call takes no time, and the others an interval each.
  const { end } = sendingTime(sendable - 1, { rate, windows, day }, from, over);
  if (end !== undefined) return undefined;
  const { end: unlimited, open } = sendingTime(sendable - 1, { rate, windows }, from, over);
  if (open === undefined) {
    return `The windows of the campaign and of the stack leave no time to send, and ${kept}; change window.`;
  }
  const late = windows.length > 0 || sendAfter > now;
  if (dayLimit !== undefined && unlimited !== undefined) {
    const { sent } = sendingTime(sendable, { rate, windows, day }, from, over);
    return `${counted(sendable, "message")} at no more than ${grouped(dayLimit.calls)} a day (maxMessagesPerDay) take too long: ${kept}, and until then at most ${grouped(Math.ceil(sent))} can be sent${late ? " with its window and sendAfter" : ""}; split the list, or raise maxMessagesPerDay or retainDays.`;
  }
  return `${counted(sendable, "message")} at ${rate} a second take ${duration(needed)}, but ${kept}${late ? `, which with its window and sendAfter leaves ${duration(open)} to send` : ""}; split the list, or raise the rate or retainDays.`;
}
