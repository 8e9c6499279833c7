import { type AnswerTimes, createAnswerTimes } from "./answer-times.ts";

/** The calls fired in one stretch of time. Instants in epoch milliseconds. */
export interface TimeBin {
  accepted: number;
  failed: number;
  unknown: number;
  /** First and last call. */
  first: number;
  last: number;
  readonly times: AnswerTimes;
}

/** As many points as a plot shows well; the limit also bounds memory and the size of the page. */
const maxBins = 360;

/** Lengths of a stretch in seconds, each a multiple of the one before it; beyond the last, they double. */
const lengths = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400] as const;

const longer = (seconds: number) => lengths.find((length) => length > seconds) ?? seconds * 2;

/** Sorts calls into stretches of a second, which grow in length whenever they would become more than 360. */
export function createTimeBins() {
  let seconds = 1;
  let bins = new Map<number, TimeBin>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;

  const widen = () => {
    const next = longer(seconds);
    const factor = next / seconds;
    const wider = new Map<number, TimeBin>();
    for (const [slot, bin] of bins) {
      const into = wider.get(Math.floor(slot / factor));
      if (into) absorb(into, bin);
      else wider.set(Math.floor(slot / factor), bin);
    }
    seconds = next;
    bins = wider;
    low = Math.floor(low / factor);
    high = Math.floor(high / factor);
  };

  return {
    /** The bin for a call fired at `at`, which begins with this call if there was none. */
    at(at: number): TimeBin {
      let slot = Math.floor(at / 1000 / seconds);
      while (Math.max(high, slot) - Math.min(low, slot) >= maxBins) {
        widen();
        slot = Math.floor(at / 1000 / seconds);
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
    /** Seconds that each bin spans. */
    seconds: () => seconds,
    /** The bins in order of time, each with its slot: the number of stretches since the epoch. */
    ordered: (): readonly (readonly [slot: number, bin: TimeBin])[] => [...bins].sort(([a], [b]) => a - b),
  };
}

function absorb(into: TimeBin, bin: TimeBin): void {
  into.accepted += bin.accepted;
  into.failed += bin.failed;
  into.unknown += bin.unknown;
  into.first = Math.min(into.first, bin.first);
  into.last = Math.max(into.last, bin.last);
  into.times.merge(bin.times);
}
