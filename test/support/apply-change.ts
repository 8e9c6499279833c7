import type { Change, Item, Key, Value } from "../../shared/ports/table.ts";

/** DynamoDB's limit for one item, in bytes of names and values. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const itemBytes = 400 * 1024;

/** Orders sort keys as DynamoDB does, by their UTF-8 bytes. */
export const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Whether a sort key lies in a range, both ends included. */
export const isWithin = (sk: string, from: string | undefined, to: string | undefined): boolean =>
  (from === undefined || byUtf8(from, sk) <= 0) && (to === undefined || byUtf8(sk, to) <= 0);

/**
 * The item after a change, as DynamoDB would make it; `undefined` when a condition does not hold. Throws for what
 * DynamoDB refuses: an empty key or one that is changed, an attribute changed twice, a number it cannot hold, an addition
 * to something other than a number, an item of more than 400 KB.
 */
export function applyChange(key: Key, before: Item | undefined, change: Change): Item | undefined {
  const { when, set = {}, remove = [], add = {} } = change;
  if (key.pk === "" || key.sk === "") throw new Error("A key is empty.");
  refuseInvalid(change);
  for (const [name, expected] of Object.entries(when)) {
    const alternatives = Array.isArray(expected) ? expected : [expected];
    if (!alternatives.includes(before?.[name])) return undefined;
  }
  const after = new Map(Object.entries(before ?? {}));
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) after.delete(name);
    else after.set(name, storable(value));
  }
  for (const name of remove) after.delete(name);
  for (const [name, value] of Object.entries(add)) {
    const old = after.get(name) ?? 0;
    if (typeof old !== "number") throw new TypeError(`The attribute ${name} is not a number to add to.`);
    after.set(name, old + value);
  }
  const item = Object.fromEntries(after);
  if (Buffer.byteLength(JSON.stringify(item)) > itemBytes) throw new RangeError("The item has more than 400 KB.");
  return item;
}

function refuseInvalid({ when, set = {}, remove = [], add = {} }: Change): void {
  const removed = new Set(remove);
  for (const [name, value] of Object.entries(set)) if (value === undefined) removed.add(name);
  const named = [...Object.keys(set).filter((name) => set[name] !== undefined), ...removed, ...Object.keys(add)];
  const seen = new Set<string>();
  for (const name of named) {
    if (name === "pk" || name === "sk") throw new Error(`The key ${name} cannot be changed.`);
    if (seen.has(name)) throw new Error(`The attribute ${name} is changed twice at once.`);
    seen.add(name);
  }
  for (const value of [...Object.values(when).flat(), ...Object.values(add)]) {
    if (typeof value === "number") storable(value);
  }
}

/** A copy of a value as DynamoDB would give it back. */
function storable(value: Value): Value {
  if (typeof value === "number") return storableNumber(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(storable);
  const entries = Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, storable(one)]]));
  return Object.fromEntries(entries);
}

/** DynamoDB holds 1e-130 to 9.99…e125 of both signs, and 0, which has none. */
function storableNumber(value: number): number {
  const size = Math.abs(value);
  if (size === 0) return 0;
  if (!(size >= 1e-130 && size < 1e126)) throw new RangeError(`DynamoDB cannot hold the number ${value}.`);
  return value;
}

const isList = (value: object): value is readonly Value[] => Array.isArray(value);
