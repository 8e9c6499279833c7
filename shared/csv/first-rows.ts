/** Remembers which row had a key first. */
export interface FirstRows {
  /** The first row that came with this key, if any did before; else remembers `row` for it. */
  firstRow(key: string, row: number): number | undefined;
}

/** A power of two. */
const tables = 64;
const slotWords = 4;

/**
 * A set of some millions of keys in flat memory: 96 bits of hash and the row number in 16 bytes a slot, 21 to 43 bytes
 * a key. The probability that any two of 10 million different keys are taken for one is about 10^-15.
 */
export function createFirstRows(): FirstRows {
  const words: Int32Array[] = [];
  const counts = new Int32Array(tables);
  for (let index = 0; index < tables; index++) {
    words.push(new Int32Array(64 * slotWords));
  }
  const hash = new Int32Array(3);

  return {
    firstRow(key, row) {
      hashInto(hash, key);
      const a = hash[0] ?? 0;
      const b = hash[1] ?? 0;
      const c = hash[2] ?? 0;
      // Small tables that grow one by one: a single large one would be in memory twice while it grows.
      const index = a & (tables - 1);
      let table = words[index] ?? new Int32Array(0);
      const mask = table.length / slotWords - 1;
      let slot = b & mask;
      for (let at = slot * slotWords; table[at + 3] !== 0; at = slot * slotWords) {
        if (table[at] === a && table[at + 1] === b && table[at + 2] === c) return table[at + 3];
        slot = (slot + 1) & mask;
      }
      const at = slot * slotWords;
      table[at] = a;
      table[at + 1] = b;
      table[at + 2] = c;
      table[at + 3] = row;
      const count = (counts[index] ?? 0) + 1;
      counts[index] = count;
      if (count > (mask + 1) * 0.75) {
        table = doubled(table);
        words[index] = table;
      }
      return undefined;
    },
  };
}

function doubled(old: Int32Array): Int32Array {
  const table = new Int32Array(old.length * 2);
  const mask = table.length / slotWords - 1;
  for (let from = 0; from < old.length; from += slotWords) {
    if (old[from + 3] === 0) continue;
    let slot = (old[from + 1] ?? 0) & mask;
    while (table[slot * slotWords + 3] !== 0) {
      slot = (slot + 1) & mask;
    }
    table.set(old.subarray(from, from + slotWords), slot * slotWords);
  }
  return table;
}

/** Three lanes that differ in multiplier and rotation, mixed at the end so that every bit of the key affects every bit. */
function hashInto(hash: Int32Array, key: string): void {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b ^ key.length;
  let c = 0xc2b2ae35;
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at);
    a = Math.imul(a ^ unit, 0xcc9e2d51);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ unit, 0x1b873593);
    b = (b << 11) | (b >>> 21);
    c = Math.imul(c + unit, 0x27d4eb2f);
    c = (c << 17) | (c >>> 15);
  }
  hash[0] = mixed(a ^ (c >>> 7));
  hash[1] = mixed(b ^ Math.imul(a, 0x165667b1));
  hash[2] = mixed(c ^ Math.imul(b, 0x2545f491));
}

function mixed(lane: number): number {
  let h = lane;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
