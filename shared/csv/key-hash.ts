/** Three words of 32 bits. */
export type KeyHash = readonly [number, number, number];

/**
 * A key's hash of 96 bits. Each word alone tells keys apart as well as chance does: what an odd multiplier and a rotation do can be
 * undone, so that nothing is lost of the characters before.
 */
export function keyHash(key: string): KeyHash {
  // Of 31 bits, so that the words of an empty key are signed ones, too.
  let a = 0x1e3779b9;
  let b = 0x05ebca6b;
  let c = 0x42b2ae35;
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at);
    a = rotated(Math.imul(a ^ unit, 0xcc9e2d51), 13);
    b = rotated(Math.imul(b ^ unit, 0x1b873593), 11);
    c = rotated(Math.imul(c ^ unit, 0x27d4eb2f), 17);
  }
  return [a, b, c];
}

/** Shifts count modulo 32. */
const rotated = (word: number, by: number): number => (word << by) | (word >>> -by);
