import type { Window } from "../campaign/options.ts";
import { windowsOfGroups } from "../campaign/recipient-hours.ts";
import { isOpen } from "../campaign/window.ts";
import { grouped } from "../in-words.ts";
import type { Summary } from "./summary.ts";
import type { Timeline } from "./timeline.ts";

/** Stretches of a campaign in which nothing was sent, or moments at which its rate changed, with what is known of why. */
export interface Interruption {
  /** Clauses in words, not empty; one for each thing that happened. */
  readonly why: string;
  /** Epoch milliseconds, in order of time; a moment begins and ends at the same instant. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

/** Shorter gaps between two calls are nothing to speak of. */
const shortestGapMs = 10_000;

/** A call can be fired this long after the pause that ends all calls, and be seen this long before it. */
const slackMs = 30_000;

/** Why nothing was sent for a while, and when the rate changed. Stretches with the same reason are one interruption. */
export function interruptions(summary: Summary, timeline: Timeline): readonly Interruption[] {
  const found = [
    ...gapsOf(timeline, summary.rate.set).map((gap) => ({ why: whyQuiet(gap, summary), ...gap })),
    ...rateChanges(summary, timeline),
  ];
  const byReason = new Map<string, { from: number; to: number }[]>();
  for (const { why, from, to } of found.sort((a, b) => a.from - b.from)) {
    const spans = byReason.get(why) ?? [];
    byReason.set(why, spans);
    spans.push({ from, to });
  }
  return [...byReason].map(([why, spans]) => ({ why, spans }));
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Where no call was made for longer than the rate and the timeline's resolution explain. */
export function gapsOf({ points, secondsPerPoint }: Timeline, rate: number | undefined): readonly Gap[] {
  const least = Math.max(shortestGapMs, secondsPerPoint * 1500, rate ? 5000 / rate : 0);
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    return before !== undefined && point.first - before.last > least ? [{ from: before.last, to: point.first }] : [];
  });
}

function whyQuiet({ from, to }: Gap, { history, options, defaults, zones }: Summary): string {
  const windows = windowsOfGroups({ options, defaults, zones });
  const stopped = history.filter(({ at }) => {
    const when = Date.parse(at);
    return when >= from - slackMs && when <= to;
  });
  const reasons = [...stopped.flatMap(inWords), ...(closed(windows, from, to) ? ["the window was closed"] : [])];
  return reasons.length === 0 ? "no calls were made; the reason is not recorded" : [...new Set(reasons)].join("; ");
}

function inWords({ what, by, reason, callsPerDay }: Summary["history"][number]): readonly string[] {
  switch (what) {
    case "paused":
      return [reason === undefined ? `paused by ${by}` : `paused by itself: ${reason}`];
    case "paused all sending":
      return [reason === undefined ? `all sending paused by ${by}` : `all sending paused by itself: ${reason}`];
    case "held":
      return [`waiting for Enswitch: ${reason ?? "it did not answer"}`];
    case "reached the daily limit":
      return [
        `waiting for midnight: the ${grouped(callsPerDay ?? 0)} messages of the day (maxMessagesPerDay) were used up`,
      ];
    case "uploaded":
    case "resumed":
    case "resumed all sending":
    case "cancelled":
    case "changed the rate":
    case "changed the daily limit":
    case "added opt-outs":
    case "removed opt-outs":
    case "approved":
    case "tried to approve":
      return [];
    default:
      return what satisfies never;
  }
}

/** Whether the window was closed, for every recipient, at some time well within the gap. */
const closed = (hours: readonly (readonly Window[])[], from: number, to: number) =>
  [0.05, 0.25, 0.5, 0.75, 0.95].some((part) => !hours.some((windows) => isOpen(windows, from + (to - from) * part)));

function rateChanges({ history }: Summary, { points }: Timeline) {
  const first = points[0]?.first ?? 0;
  const last = points.at(-1)?.last ?? 0;
  return history.flatMap(({ what, rate, by, at }) => {
    const when = Date.parse(at);
    const seen = what === "changed the rate" && rate !== undefined && when > first && when < last;
    return seen ? [{ why: `the rate was set to ${rate} per second by ${by}`, from: when, to: when }] : [];
  });
}
