import type { Window } from "./options.ts";
import { type Hours, windowsOfGroups, type ZoneGroup } from "./recipient-hours.ts";
import type { DailyRoom } from "./sending-time.ts";
import { isOpen, nextChange, nextOpening } from "./window.ts";

/** How sending to recipients in the same zones will go, if nothing delays it. Instants in epoch ms. */
export interface GroupForecast {
  readonly zones: readonly string[];
  /** Rows of the list that can be sent to them. */
  readonly rows: number;
  /** When their hours begin next; undefined when they have begun, or never do. */
  readonly opensAt: number | undefined;
  /** When the hours end that have begun or begin next; undefined when they do not within two days. */
  readonly closesAt: number | undefined;
  /** When the last of the rows is sent; undefined when that is not in time. */
  readonly doneAt: number | undefined;
  /** Rows that are not sent in time. */
  readonly late: number;
}

/** What a forecast is made of. */
export interface ForecastRequest {
  /** Epoch ms: nothing is sent before it. */
  readonly from: number;
  /** Epoch ms: nothing is sent from then on. */
  readonly until: number;
  /** Calls per second. */
  readonly rate: number;
  /** The most calls of a day; absent: no limit. */
  readonly day?: DailyRoom;
  /** Rows already sent, since `begun` (epoch ms): to whom is not known, but to those whose hours it was. */
  readonly sent?: { readonly rows: number; readonly begun: number };
}

/**
 * Who shares the rate is found out in steps of these lengths (ms) at most: hours begin at quarters of an hour, and what is days
 * away need not be as exact.
 */
const steps = { near: 15 * 60_000, far: 3600_000, farFrom: 48 * 3600_000 } as const;

/** How long hours last at most that are told with their end, ms. */
const longestHoursMs = 48 * 3600_000;

/** A forecast for each group of a campaign whose hours are by the recipients' clocks, at one rate for all. */
export function forecastHours(
  campaign: Hours & { readonly zones: readonly ZoneGroup[] },
  { from, until, rate, day, sent }: ForecastRequest,
): readonly GroupForecast[] {
  const groups = windowsOfGroups(campaign).map((windows, at): Sending => {
    const rows = campaign.zones[at]?.rows ?? 0;
    return { windows, left: rows, doneAt: rows === 0 ? from : undefined };
  });
  if (sent !== undefined) {
    spend(groups, { from: sent.begun, until: from, rate, most: sent.rows });
    for (const group of groups) group.doneAt = group.left < 1 ? from : undefined;
  }
  spend(groups, { from, until, rate, day, most: Number.POSITIVE_INFINITY });
  return groups.map(({ windows, left, doneAt }, at) => {
    const opensAt = isOpen(windows, from) ? from : nextOpening(windows, from);
    return {
      zones: campaign.zones[at]?.zones ?? [],
      rows: campaign.zones[at]?.rows ?? 0,
      opensAt: opensAt === from ? undefined : opensAt,
      closesAt: opensAt === undefined ? undefined : nextChange(windows, opensAt, opensAt + longestHoursMs),
      doneAt,
      late: doneAt === undefined ? Math.ceil(left) : 0,
    };
  });
}

/** Less of a row than this is what sums of fractions leave. */
const leastRows = 1e-6;

/** A day has no room for less than a row, but for what sums of fractions leave. */
const wholeRow = 1 - leastRows;

interface Sending {
  readonly windows: readonly Window[];
  left: number;
  doneAt: number | undefined;
}

/** Between which instants (epoch ms) how many rows at most are sent, and how fast. */
interface Spending extends Pick<ForecastRequest, "from" | "until" | "rate" | "day"> {
  readonly most: number;
}

/** Sends rows of the groups whose hours it is, each its share of the rate and of the day's room, until all, or `most`, are sent. */
function spend(groups: readonly Sending[], { from, until, rate, day, most }: Spending): void {
  if (rate <= 0) return;
  let budget = most;
  let at = from;
  let midnight = day?.midnightAfter(from) ?? Number.POSITIVE_INFINITY;
  let room = day === undefined ? Number.POSITIVE_INFINITY : day.calls - day.used;
  while (at < until && budget > 0) {
    if (day !== undefined && at >= midnight) {
      midnight = day.midnightAfter(at);
      room = day.calls;
    }
    const waiting = groups.filter(({ left }) => left > 0);
    const open = waiting.filter(({ windows }) => isOpen(windows, at));
    if (open.length === 0) {
      const openings = waiting.flatMap(({ windows }) => nextOpening(windows, at) ?? []);
      if (openings.length === 0) return;
      at = Math.min(...openings);
      continue;
    }
    if (room < wholeRow) {
      at = midnight;
      continue;
    }
    const length = at - from < steps.farFrom ? steps.near : steps.far;
    const step = Math.min(until, midnight, (Math.floor(at / length) + 1) * length);
    const end = Math.min(...open.map(({ windows }) => nextChange(windows, at, step) ?? step));
    const rows = open.reduce((sum, { left }) => sum + left, 0);
    const sent = Math.min(rows, budget, room, ((end - at) * rate) / 1000);
    const share = sent / rows;
    budget -= sent;
    room -= sent;
    at = Math.min(end, at + (sent / rate) * 1000);
    for (const group of open) {
      const left = group.left * (1 - share);
      group.left = left < leastRows ? 0 : left;
      if (group.left === 0) group.doneAt = at;
    }
    if (share < 1) at = end;
  }
}
