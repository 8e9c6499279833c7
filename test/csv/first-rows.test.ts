import fc from "fast-check";
import { expect, test } from "vitest";
import { createFirstRows } from "../../shared/csv/first-rows.ts";

test("it says of any keys what a map says", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("a", "b", "+447700900001", "")), { maxLength: 300 }),
      (keys) => {
        const firstRows = createFirstRows();
        const known = new Map<string, number>();
        for (const [at, key] of keys.entries()) {
          expect(firstRows.firstRow(key, at + 1)).toBe(known.get(key));
          known.set(key, known.get(key) ?? at + 1);
        }
      },
    ),
  );
});

test("no honest row among a million neighbouring numbers and texts is taken for another", () => {
  const firstRows = createFirstRows();
  let row = 0;
  for (let number = 0; number < 400_000; number++) {
    for (const key of [`+4477${10_000_000 + number}`, `${10_000_000 + number}\nDear Anna, see you`]) {
      if (firstRows.firstRow(key, ++row) !== undefined) expect.fail(`${key} was taken for another`);
    }
  }
  expect(firstRows.firstRow("+447710000000", ++row)).toBe(1);
  expect(firstRows.firstRow("10399999\nDear Anna, see you", ++row)).toBe(800_000);
});

test("short keys that differ in a bit or two are kept apart", () => {
  const firstRows = createFirstRows();
  let row = 0;
  for (let first = 0; first < 512; first++) {
    for (let second = 0; second < 512; second++) {
      expect(firstRows.firstRow(String.fromCharCode(first, second), ++row)).toBeUndefined();
    }
  }
});

test("tables grow with their keys and lose none", () => {
  const firstRows = createFirstRows();
  for (let row = 1; row <= 12_000; row++) expect(firstRows.firstRow(`key ${row}`, row)).toBeUndefined();
  for (let row = 12_000; row >= 1; row--) expect(firstRows.firstRow(`key ${row}`, 20_000)).toBe(row);
});
