/** The median: the middle figure, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? upper)) / 2 : upper;
}

/** Rows per second, from the median of several runs over this many rows. */
export const rowsPerSecond = (
  rows: number,
  runs: readonly { readonly output: { readonly seconds: number } }[],
): number => rows / median(runs.map(({ output }) => output.seconds));

/** Measures two alternatives in turn, `times` times each, so that whatever else the machine is doing affects both alike. */
export async function inTurn<A, B>(
  times: number,
  one: () => Promise<A>,
  other: () => Promise<B>,
): Promise<{ readonly ones: readonly A[]; readonly others: readonly B[] }> {
  const ones: A[] = [];
  const others: B[] = [];
  for (let turn = 0; turn < times; turn++) {
    ones.push(await one());
    others.push(await other());
  }
  return { ones, others };
}

/** A whole number with thousands separators. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A figure with `digits` decimal places. */
export const decimal = (value: number, digits = 2): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
