import { type Destination, plainNumber, type ReadNumber } from "./destination.ts";

/** Beginnings of numbers that are remembered. */
const headsKept = 100_000;

/** Last digits of a number on which no numbering plan's reading of long numbers depends. */
const tailLength = 4;

/**
 * Reads long numbers that differ only in their last digits just once: numbering plans tell numbers apart by how they
 * begin and by their length, and reading one by its plan takes some 40 µs.
 */
export function rememberingNumbers(read: ReadNumber): ReadNumber {
  const heads = new Map<string, Omit<Destination, "kind">>();
  return (text) => {
    if (text.length < 10 || !plainNumber.test(text)) return read(text);
    const head = text.slice(0, -tailLength);
    const tail = text.slice(-tailLength);
    const known = heads.get(head);
    if (known !== undefined) {
      return { kind: "destination", cnumber: known.cnumber + tail, identity: known.identity + tail };
    }
    const found = read(text);
    if (found.kind === "destination" && found.cnumber.endsWith(tail) && found.identity.endsWith(tail)) {
      if (heads.size >= headsKept) heads.clear();
      heads.set(head, {
        cnumber: found.cnumber.slice(0, -tailLength),
        identity: found.identity.slice(0, -tailLength),
      });
    }
    return found;
  };
}
