import type { Outcome } from "../ledger/outcome.ts";
import { createAnswerTimes, type Quantiles } from "./answer-times.ts";
import { createReachedRate } from "./reached-rate.ts";
import { createTimeBins, type TimeBin } from "./time-bins.ts";

/** One point on a campaign's timeline: the calls fired in one stretch of time, by outcome. Instants in epoch milliseconds. */
export interface TimelinePoint {
  /** Start of the stretch. */
  readonly at: number;
  /** First and last call in it. */
  readonly first: number;
  readonly last: number;
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly answers?: Quantiles;
}

/** A campaign's calls over time. Stretches without calls have no point. */
export interface Timeline {
  /** How long each stretch is: 1 for a campaign of up to six minutes, more for longer ones. */
  readonly secondsPerPoint: number;
  readonly points: readonly TimelinePoint[];
}

/** Follows a campaign's calls in bounded memory, in whatever order they come. */
export function createTimeline() {
  const bins = createTimeBins();
  const times = createAnswerTimes();
  const reached = createReachedRate();
  let calls = 0;

  return {
    /** Counts a row's last call, if there was one and its outcome is final or in doubt. */
    add(outcome: Outcome): void {
      const { status, at, ms } = outcome;
      if (at === undefined || status === "open" || status === "skipped") return;
      const bin = bins.at(at);
      calls += 1;
      reached.add(at);
      if (at < bin.first) bin.first = at;
      if (at > bin.last) bin.last = at;
      if (status === "submitted") bin.accepted += 1;
      else bin[status] += 1;
      if (ms !== undefined) {
        bin.times.add(ms);
        times.add(ms);
      }
    },

    /** First and last call, epoch milliseconds; `undefined` when there was no call. */
    span(): { readonly first: number; readonly last: number } | undefined {
      const all = bins.ordered();
      const first = all[0]?.[1].first;
      const last = all.at(-1)?.[1].last;
      return first === undefined || last === undefined ? undefined : { first, last };
    },

    /** Calls per second while there was work: waits (a closed window, a pause), the probe and the tail do not count. */
    rate: () => reached.rate() ?? reachedRate(bins.ordered(), calls),

    /** Answer times of all calls. */
    answers: () => times.quantiles(),

    /** The points so far, in order of time. */
    timeline(): Timeline {
      const secondsPerPoint = bins.seconds();
      const points = bins.ordered().map(([slot, { times: answers, ...bin }]) => ({
        at: slot * secondsPerPoint * 1000,
        ...bin,
        answers: answers.quantiles(),
      }));
      return { secondsPerPoint, points };
    },
  };
}

/** Longer gaps between two calls are not time in which the campaign was being sent. */
const longestGapMs = 60_000;

function reachedRate(bins: readonly (readonly [slot: number, bin: TimeBin])[], calls: number): number | undefined {
  let active = 0;
  let runs = 0;
  let before: number | undefined;
  for (const [, { first, last }] of bins) {
    const joined = before !== undefined && first - before <= longestGapMs;
    if (!joined) runs += 1;
    active += last - (joined && before !== undefined ? before : first);
    before = last;
  }
  return active > 0 ? ((calls - runs) / active) * 1000 : undefined;
}
