import { type KeyHash, keyHash } from "./key-hash.ts";

/** Remembers which row had a key first. */
export interface FirstRows {
  /** The first row that came with this key, if any did before; else remembers `row` for it. */
  firstRow(key: string, row: number): number | undefined;
}

/** Slots, a power of two of them. In each are a key's hash and its row, which is 0 in an empty one. */
interface KeyTable {
  slots: DataView;
  used: number;
}

/** Where in a slot the row is, in bytes. */
const rowAt = 12;
const slotBytes = 16;

/**
 * A set of some millions of keys in flat memory: 21 to 43 bytes a key. The probability that any two of 10 million different
 * keys are taken for one is about 10^-15.
 */
export function createFirstRows(): FirstRows {
  // Small tables that grow one by one: a single large one would be in memory twice while it grows.
  const tables: KeyTable[] = [];
  return {
    firstRow(key, row) {
      const hash = keyHash(key);
      const number = hash[0] & 63;
      tables[number] ??= { slots: emptySlots(64 * slotBytes), used: 0 };
      const table = tables[number];
      const at = placeOf(hash, table.slots);
      const first = table.slots.getInt32(at + rowAt);
      if (first !== 0) return first;
      write(table.slots, at, hash, row);
      table.used++;
      if (table.used * slotBytes > table.slots.byteLength * 0.75) table.slots = doubled(table.slots);
      return undefined;
    },
  };
}

const emptySlots = (bytes: number) => new DataView(new ArrayBuffer(bytes));

/** Where the slot with this hash is, or the empty one in which it belongs. */
function placeOf([a, b, c]: KeyHash, slots: DataView): number {
  const mask = slots.byteLength - 1;
  let at = (b * slotBytes) & mask;
  while (slots.getInt32(at + rowAt) !== 0) {
    if (slots.getInt32(at) === a && slots.getInt32(at + 4) === b && slots.getInt32(at + 8) === c) break;
    at = (at + slotBytes) & mask;
  }
  return at;
}

function write(slots: DataView, at: number, [a, b, c]: KeyHash, row: number): void {
  slots.setInt32(at, a);
  slots.setInt32(at + 4, b);
  slots.setInt32(at + 8, c);
  slots.setInt32(at + rowAt, row);
}

function doubled(old: DataView): DataView {
  const slots = emptySlots(old.byteLength * 2);
  for (let from = 0; from < old.byteLength; from += slotBytes) {
    const row = old.getInt32(from + rowAt);
    if (row === 0) continue;
    const hash: KeyHash = [old.getInt32(from), old.getInt32(from + 4), old.getInt32(from + 8)];
    write(slots, placeOf(hash, slots), hash, row);
  }
  return slots;
}
