/** Median and tails of answer times, in milliseconds; exact for up to 100 answers, beyond that within one per cent. */
export interface Quantiles {
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** Answer times, gathered in bounded memory. */
export interface AnswerTimes {
  add(ms: number): void;
  /** Adds everything that another has gathered. */
  merge(other: AnswerTimes): void;
  /** `undefined` while there are no answers. */
  quantiles(): Quantiles | undefined;
  /** What was gathered, as (value, count): exact values, or the middles of the histogram's buckets. */
  each(visit: (ms: number, count: number) => void): void;
}

/** Up to this many, every value is kept. */
const exactValues = 100;
/** Each bucket ends two per cent above its start, so its middle is at most one per cent off; the last starts at about an hour. */
const growth = Math.log(1.02);
const buckets = 765;

/** Gathers answer times in at most about 3 KB, however many there are. */
export function createAnswerTimes(): AnswerTimes {
  let exact: number[] = [];
  let histogram: Uint32Array | undefined;
  let total = 0;

  const put = (ms: number, count: number) => {
    total += count;
    if (!histogram) {
      if (exact.length + count <= exactValues) {
        for (let left = count; left > 0; left -= 1) exact.push(ms);
        return;
      }
      histogram = new Uint32Array(buckets);
      for (const value of exact) tick(histogram, value, 1);
      exact = [];
    }
    tick(histogram, ms, count);
  };

  const each = (visit: (ms: number, count: number) => void) => {
    for (const value of exact) visit(value, 1);
    histogram?.forEach((count, bucket) => {
      if (count > 0) visit(middle(bucket), count);
    });
  };

  /** Nearest rank: the smallest value that at least this share of all values do not exceed. */
  const ranked = (shares: readonly number[]) => {
    exact.sort((a, b) => a - b);
    const found: number[] = [];
    let seen = 0;
    each((ms, count) => {
      seen += count;
      while (found.length < shares.length && seen >= Math.ceil((shares[found.length] ?? 1) * total)) found.push(ms);
    });
    return found;
  };

  return {
    add: (ms) => put(ms, 1),
    merge: (other) => other.each(put),
    each,
    quantiles() {
      const [median, p95, p99] = ranked([0.5, 0.95, 0.99]).map((ms) => Math.round(ms * 10) / 10);
      return median === undefined || p95 === undefined || p99 === undefined ? undefined : { median, p95, p99 };
    },
  };
}

function tick(histogram: Uint32Array, ms: number, count: number): void {
  const bucket = ms < 1 ? 0 : Math.min(buckets - 1, 1 + Math.floor(Math.log(ms) / growth));
  histogram[bucket] = (histogram[bucket] ?? 0) + count;
}

const middle = (bucket: number) => (bucket === 0 ? 0.5 : Math.exp((bucket - 0.5) * growth));
