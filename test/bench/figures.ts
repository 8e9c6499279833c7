/** The middle one of some figures, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? upper)) / 2 : upper;
}

/** Rows a second, by the median of several runs over so many rows. */
export const rowsPerSecond = (
  rows: number,
  runs: readonly { readonly output: { readonly seconds: number } }[],
): number => rows / median(runs.map(({ output }) => output.seconds));

/** Measures two ways in turn, `times` times each, so that whatever else the machine does befalls both alike. */
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

/** A whole number with its thousands marked. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A figure with `digits` decimals. */
export const decimal = (value: number, digits = 2): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
