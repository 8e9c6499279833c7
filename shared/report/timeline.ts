import type { Outcome } from "../ledger/outcome.ts";
import { type AnswerTimes, createAnswerTimes, type Quantiles } from "./answer-times.ts";

/** One point in time of a campaign: the calls fired in these minutes, by what became of them. */
export interface TimelinePoint {
  /** Start, epoch milliseconds. */
  readonly at: number;
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly answers?: Quantiles;
}

/** The course of a campaign. Minutes without calls have no point. */
export interface Timeline {
  /** 1, or a power of two for a campaign that took longer than `maxPoints` minutes. */
  readonly minutesPerPoint: number;
  readonly points: readonly TimelinePoint[];
}

/** More points than this no screen shows; they also bound memory and the size of the page. */
const maxPoints = 2_000;

interface Bin {
  accepted: number;
  failed: number;
  unknown: number;
  first: number;
  last: number;
  readonly times: AnswerTimes;
}

/** Follows the calls of a campaign in bounded memory, in whatever order they come. */
export function createTimeline() {
  let minutes = 1;
  let bins = new Map<number, Bin>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let calls = 0;
  const times = createAnswerTimes();

  const widen = () => {
    minutes *= 2;
    const wider = new Map<number, Bin>();
    for (const [slot, bin] of bins) {
      const into = wider.get(Math.floor(slot / 2));
      if (into) absorb(into, bin);
      else wider.set(Math.floor(slot / 2), bin);
    }
    bins = wider;
    low = Math.floor(low / 2);
    high = Math.floor(high / 2);
  };

  const binAt = (at: number) => {
    let slot = Math.floor(at / 60_000 / minutes);
    while (Math.max(high, slot) - Math.min(low, slot) >= maxPoints) {
      widen();
      slot = Math.floor(slot / 2);
    }
    low = Math.min(low, slot);
    high = Math.max(high, slot);
    let bin = bins.get(slot);
    if (!bin) {
      bin = { accepted: 0, failed: 0, unknown: 0, first: at, last: at, times: createAnswerTimes() };
      bins.set(slot, bin);
    }
    return bin;
  };

  const ordered = () => [...bins].sort(([a], [b]) => a - b);

  return {
    /** Counts the last call of a row, if it was handed over and its end is known or in doubt. */
    add(outcome: Outcome): void {
      const { status, at, ms } = outcome;
      if (at === undefined || status === "open" || status === "skipped") return;
      const bin = binAt(at);
      calls += 1;
      if (at < bin.first) bin.first = at;
      if (at > bin.last) bin.last = at;
      if (status === "submitted") bin.accepted += 1;
      else bin[status] += 1;
      if (ms !== undefined) {
        bin.times.add(ms);
        times.add(ms);
      }
    },

    /** First and last call, epoch milliseconds; `undefined` when nothing was called. */
    span(): { readonly first: number; readonly last: number } | undefined {
      const all = ordered();
      const first = all[0]?.[1].first;
      const last = all.at(-1)?.[1].last;
      return first === undefined || last === undefined ? undefined : { first, last };
    },

    /** Calls per second while there were calls: minutes without any (a closed window, a pause) do not count. */
    rate(): number | undefined {
      let active = 0;
      let runs = 0;
      let before: { readonly slot: number; readonly last: number } | undefined;
      for (const [slot, bin] of ordered()) {
        const joined = before?.slot === slot - 1;
        if (!joined) runs += 1;
        active += bin.last - (joined && before ? before.last : bin.first);
        before = { slot, last: bin.last };
      }
      return active > 0 ? ((calls - runs) / active) * 1000 : undefined;
    },

    /** Answer times of all calls. */
    answers: () => times.quantiles(),

    timeline(): Timeline {
      const points = ordered().map(([slot, { accepted, failed, unknown, times: answers }]) => ({
        at: slot * minutes * 60_000,
        accepted,
        failed,
        unknown,
        answers: answers.quantiles(),
      }));
      return { minutesPerPoint: minutes, points };
    },
  };
}

function absorb(into: Bin, bin: Bin): void {
  into.accepted += bin.accepted;
  into.failed += bin.failed;
  into.unknown += bin.unknown;
  into.first = Math.min(into.first, bin.first);
  into.last = Math.max(into.last, bin.last);
  into.times.merge(bin.times);
}
