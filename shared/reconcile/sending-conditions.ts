import { type Account, callsPerDayOf, slotsSince, usedToday } from "../account/account.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import { maySend } from "../campaign/may-send.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { DailyRoom } from "../campaign/sending-time.ts";
import { moment } from "../in-words.ts";
import type { SendingConditions } from "../report/live-state.ts";

/**
 * What a live summary needs to know beyond the campaign's item. Those of `campaigns` that may send when it does share the rate
 * (calls per second) and what the stack allows in a day.
 */
export function sendingConditionsOf(
  campaign: CommittedCampaign,
  account: Account,
  { rate, maxPerDay }: { readonly rate: number; readonly maxPerDay?: number },
  campaigns: readonly Campaign[],
  now: number,
): SendingConditions {
  const may = maySend(campaign, account, now);
  // What keeps this campaign waiting, such as a full day, usually keeps others, too: they go on together.
  const goesOnAt = may.kind === "waiting" || may.kind === "held" ? (may.until ?? now) : now;
  return {
    account: {
      rate,
      day:
        maxPerDay === undefined
          ? undefined
          : roomOf(account, { rate, maxPerDay, countedAt: campaign.tally.lastRecordAt }, now),
      pause: account.pause,
      hold: account.hold !== undefined && account.hold.until > now ? account.hold : undefined,
    },
    waitingFor:
      may.kind === "waiting" ? { reason: waitingReason(campaign, may.why, may.until), until: may.until } : undefined,
    othersUnsent: campaigns.flatMap((other) =>
      other.state === "refused" || other.name === campaign.name || maySend(other, account, goesOnAt).kind !== "yes"
        ? []
        : [unsent(other)],
    ),
  };
}

const dayMs = 24 * 3600_000;

/** The oldest that tallies are while there is sending, milliseconds: the time from one to the next, and a batch's. */
const tallyAgeMs = 5_000;

/**
 * The room of days as the account counts them, of 24 hours each: an hour more or less is no matter for an estimate. Calls of the last
 * seconds that tallies do not have (`countedAt`, epoch ms: when they were written), and those planned for the next ones, count already,
 * but their rows are among those to be sent.
 */
function roomOf(
  account: Account,
  {
    rate,
    maxPerDay,
    countedAt = 0,
  }: { readonly rate: number; readonly maxPerDay: number; readonly countedAt?: number },
  now: number,
): DailyRoom {
  const until = account.day?.until ?? 0;
  const since = Math.min(now, Math.max(countedAt, now - tallyAgeMs));
  return {
    calls: callsPerDayOf(account, maxPerDay),
    used: Math.max(0, usedToday(account, now) - slotsSince(account, rate, since, now)),
    midnightAfter: (at) => until + Math.max(0, Math.floor((at - until) / dayMs) + 1) * dayMs,
  };
}

/** What the campaign waits for, with the opening by the clock that its window names. `until` in epoch milliseconds. */
function waitingReason(
  { options, defaults }: CommittedCampaign,
  why: "sendAfter" | "window" | "day-full",
  until: number | undefined,
): string {
  if (why === "sendAfter") return "The campaign's sendAfter has not come yet.";
  if (why === "day-full") return "The day's limit (maxMessagesPerDay) is used up; the rest follows after midnight.";
  if (byRecipient({ options, defaults })) {
    return until === undefined
      ? "Messages are sent only in each recipient's hours."
      : `Messages are sent only in each recipient's hours; the next begin at ${moment(until)}.`;
  }
  const zone = (options.window ?? defaults.window)?.timezone;
  return until === undefined || zone === undefined
    ? "Messages are sent only within the window."
    : `Messages are sent only within the window, which opens ${opening(until, zone)} (${zone}).`;
}

/** "Monday 09:00", by the clock of a zone; with the date, as it may be weeks away. */
function opening(at: number, timeZone: string): string {
  const parts = { weekday: "long", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone }).format(at).replace(" at ", ", ");
}

const unsent = ({ sendable, tally }: CommittedCampaign) =>
  Math.max(0, sendable - tally.submitted - tally.failed - tally.unknown - tally.skipped);
