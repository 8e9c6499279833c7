import type { Outcome } from "../ledger/outcome.ts";
import { createAnswerTimes, type Quantiles } from "./answer-times.ts";
import { createMinuteBins, type MinuteBin } from "./minute-bins.ts";
import { createReachedRate } from "./reached-rate.ts";

/** One point on a campaign's timeline: the calls fired in these minutes, by outcome. */
export interface TimelinePoint {
  /** Start, epoch milliseconds. */
  readonly at: number;
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly answers?: Quantiles;
}

/** A campaign's calls over time. Minutes without calls have no point. */
export interface Timeline {
  /** 1, or a power of two for a campaign that took longer than 2,000 minutes. */
  readonly minutesPerPoint: number;
  readonly points: readonly TimelinePoint[];
}

/** Follows a campaign's calls in bounded memory, in whatever order they come. */
export function createTimeline() {
  const bins = createMinuteBins();
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
      const minutesPerPoint = bins.minutes();
      const points = bins.ordered().map(([slot, { accepted, failed, unknown, times: answers }]) => ({
        at: slot * minutesPerPoint * 60_000,
        accepted,
        failed,
        unknown,
        answers: answers.quantiles(),
      }));
      return { minutesPerPoint, points };
    },
  };
}

function reachedRate(bins: readonly (readonly [slot: number, bin: MinuteBin])[], calls: number): number | undefined {
  let active = 0;
  let runs = 0;
  let before: { readonly slot: number; readonly last: number } | undefined;
  for (const [slot, bin] of bins) {
    const joined = before?.slot === slot - 1;
    if (!joined) runs += 1;
    active += bin.last - (joined && before ? before.last : bin.first);
    before = { slot, last: bin.last };
  }
  return active > 0 ? ((calls - runs) / active) * 1000 : undefined;
}
