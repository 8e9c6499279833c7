/** Chance that repeats itself: the same seed and purpose give the same numbers. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** A whole number from `low` to `high`, small ones as often as large ones on a logarithmic scale. */
  spread(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/**
 * Chance for one purpose under a seed. Every purpose has numbers of its own, so that drawing once more for one of them
 * does not change what happens to the others.
 */
export function randomFor(seed: number, purpose: string): Random {
  let state = hash(`${seed} ${purpose}`);
  const next = () => {
    // splitmix32
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    int,
    spread: (low, high) => Math.round(low * (high / low) ** next()),
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error("There is nothing to pick from.");
      return item;
    },
  };
}

/** A 32-bit number that a text always has (FNV-1a with a final mix). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value ^= value >>> 16;
  value = Math.imul(value, 0x7feb352d);
  return (value ^ (value >>> 15)) | 0;
}
