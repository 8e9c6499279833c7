/** A set of phone numbers, as digits with or without a plus in front: exact, and in some 16 bytes a number. */
export interface NumberSet {
  add(form: string): void;
  has(form: string): boolean;
}

/** A power of two. */
const tables = 64;

/** Most digits of a number that is kept as one: with a plus and its leading zeros it is a whole number that a double holds exactly. */
const mostDigits = 15;

/**
 * An empty set. A table for each of 64 parts, so that only a small one is in memory twice while it grows. What has more digits than any
 * telephone number is kept as text.
 */
export function createNumberSet(): NumberSet {
  const slots: Float64Array[] = [];
  const counts: number[] = [];
  const others = new Set<string>();

  return {
    add(form) {
      const number = numberOf(form);
      if (number === undefined) {
        others.add(form);
        return;
      }
      const part = hash(number) & (tables - 1);
      slots[part] ??= new Float64Array(64);
      const table = slots[part];
      const slot = slotOf(table, number);
      if (table[slot] === number) return;
      table[slot] = number;
      const count = (counts[part] ?? 0) + 1;
      counts[part] = count;
      if (count > table.length * 0.75) slots[part] = doubled(table);
    },
    has(form) {
      const number = numberOf(form);
      if (number === undefined) return others.has(form);
      const table = slots[hash(number) & (tables - 1)];
      return table !== undefined && table[slotOf(table, number)] === number;
    },
  };
}

/** The form as a whole number, never 0; a one in front keeps the leading zeros. */
function numberOf(form: string): number | undefined {
  const plus = form.charCodeAt(0) === 0x2b;
  const from = plus ? 1 : 0;
  if (form.length - from > mostDigits) return undefined;
  let number = 1;
  for (let at = from; at < form.length; at++) {
    const digit = form.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number * 2 + (plus ? 1 : 0);
}

/** The slot that has the number, or else the free one that it belongs in. */
function slotOf(table: Float64Array, number: number): number {
  const mask = table.length - 1;
  let slot = (hash(number) >>> 6) & mask;
  while (table[slot] !== 0 && table[slot] !== number) slot = (slot + 1) & mask;
  return slot;
}

function doubled(old: Float64Array) {
  const table = new Float64Array(old.length * 2);
  // A free slot, which is a 0, only finds another free one.
  for (const number of old) table[slotOf(table, number)] = number;
  return table;
}

/** Mixes both halves of a number, so that neighbours are far apart. */
function hash(number: number): number {
  let mixed = Math.imul(number | 0, 0x9e3779b1) ^ Math.imul((number / 0x1_0000_0000) | 0, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
