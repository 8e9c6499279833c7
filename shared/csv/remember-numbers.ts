/** Beginnings of numbers that are remembered. */
const headsKept = 100_000;

/** Last digits of a number on which its form does not depend. */
const tailLength = 4;

/**
 * Forms long numbers that differ only in their last digits just once: how a number is written depends on how it begins
 * and on its length, and finding that out takes some 40 µs. What is remembered says nothing of whether a number exists.
 */
export function rememberingForms(form: (number: string) => string | undefined): (number: string) => string | undefined {
  const heads = new Map<string, string>();
  return (number) => {
    if (number.length < 10) return form(number);
    const head = number.slice(0, -tailLength);
    const tail = number.slice(-tailLength);
    const known = heads.get(head);
    if (known !== undefined) return known + tail;
    const found = form(number);
    if (found?.endsWith(tail)) {
      if (heads.size >= headsKept) heads.clear();
      heads.set(head, found.slice(0, -tailLength));
    }
    return found;
  };
}
