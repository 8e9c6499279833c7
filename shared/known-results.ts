/** Texts whose results are remembered. A list that never repeats itself must not fill the memory. */
const mostKnown = 1000;

/**
 * A function of a text with the same results as `of`, which is asked once for each text of many that are alike: lists repeat texts,
 * countries and zones. Remembers a thousand results, then begins again with none.
 */
export function knownResults<Result extends object | boolean>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = of(text);
    if (known.size >= mostKnown) known.clear();
    known.set(text, result);
    return result;
  };
}
