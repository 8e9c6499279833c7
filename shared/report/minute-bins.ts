import { type AnswerTimes, createAnswerTimes } from "./answer-times.ts";

/** The calls fired in one stretch of time. Instants in epoch milliseconds. */
export interface MinuteBin {
  accepted: number;
  failed: number;
  unknown: number;
  /** First and last call. */
  first: number;
  last: number;
  readonly times: AnswerTimes;
}

/** No screen shows more points than this; the limit also bounds memory and the size of the page. */
const maxBins = 2_000;

/** Sorts calls into stretches of a minute, which double in length whenever they would become more than 2,000. */
export function createMinuteBins() {
  let minutes = 1;
  let bins = new Map<number, MinuteBin>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;

  const widen = () => {
    minutes *= 2;
    const wider = new Map<number, MinuteBin>();
    for (const [slot, bin] of bins) {
      const into = wider.get(Math.floor(slot / 2));
      if (into) absorb(into, bin);
      else wider.set(Math.floor(slot / 2), bin);
    }
    bins = wider;
    low = Math.floor(low / 2);
    high = Math.floor(high / 2);
  };

  return {
    /** The bin for a call fired at `at`, which begins with this call if there was none. */
    at(at: number): MinuteBin {
      let slot = Math.floor(at / 60_000 / minutes);
      while (Math.max(high, slot) - Math.min(low, slot) >= maxBins) {
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
    },
    /** Minutes that each bin spans: 1 or a power of two. */
    minutes: () => minutes,
    /** The bins in order of time, each with its slot: the number of stretches since the epoch. */
    ordered: (): readonly (readonly [slot: number, bin: MinuteBin])[] => [...bins].sort(([a], [b]) => a - b),
  };
}

function absorb(into: MinuteBin, bin: MinuteBin): void {
  into.accepted += bin.accepted;
  into.failed += bin.failed;
  into.unknown += bin.unknown;
  into.first = Math.min(into.first, bin.first);
  into.last = Math.max(into.last, bin.last);
  into.times.merge(bin.times);
}
