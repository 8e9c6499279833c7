import fc from "fast-check";
import { expect, test } from "vitest";
import { createFirstRows } from "../../shared/csv/first-rows.ts";
import { keyHash } from "../../shared/csv/key-hash.ts";

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

test("no honest row among neighbouring numbers and texts is taken for another", () => {
  const firstRows = createFirstRows();
  let row = 0;
  for (let number = 0; number < 60_000; number++) {
    for (const key of [`+4477${10_000_000 + number}`, `${10_000_000 + number}\nDear Anna, see you`]) {
      if (firstRows.firstRow(key, ++row) !== undefined) expect.fail(`${key} was taken for another`);
    }
  }
  expect(firstRows.firstRow("+447710000000", ++row)).toBe(1);
  expect(firstRows.firstRow("10059999\nDear Anna, see you", ++row)).toBe(120_000);
});

/** Found by a search; a number is hardly ever as unlucky. */
test.each([
  {
    words: [0, 1],
    keys: [
      "y4knlknilofi1tg7wo0tza8lwnsxic02ztuhtkmjzzx7ku5h3ike0kqdvb9c3hacg013o1dxkm4g3ym4422ricslrm7i0bg7n4pip7qdf4w5",
      "y4knlknilofi1tg7wocoavptwnsxicffn27007848z8sjsl43ike0kqdvb9c3hacg013o1dxsuylqquup5n5icslrm3so9tfn4pip7u6w54t",
    ],
  },
  {
    words: [0, 2],
    keys: [
      "r2anf9p2vje4tjhkjvdb2cln2k57tpqsd85ytu1d6496wjkd51g715rdf662ygljn1cy2cy59fnm0id4csz9fglufwykcnsmsg47187dcu9ymwl1stiqi9zoz491o9",
      "r2anf9vgj9gwtjhkjvusjb4fgke0wdlt7omuoyr39at8tnff26aoz4rdf662ygljn1roh1dliu3fb6pwslt2z2dpvaguk3hlsg47187dcu9ylk59k2iqi9zoz491o9",
    ],
  },
  {
    words: [1, 2],
    keys: [
      "do244u6mpwr5a6k8qr9tgtaatpv3yr1rbkf2c9rcje6ge1xqy18bku7nkbi0jflrmd2wfvi9fnlmwhimxjfpvqqy4zz8orxwmbz6mobrclnrag6ukp",
      "do244u6mpwr5a6k8qrx659v4tpv3yrpeb1h1c9rcje6ge1xqide9fsgf4qc13waofc0ogug5lr924gimxjfpvqqy4zpx9121mbz6mobrclnrag6ukp",
    ],
  },
])("keys whose hashes differ in one word alone are kept apart, when words $words are the same", ({ words, keys }) => {
  const [one = "", two = ""] = keys;
  const same = keyHash(one).flatMap((word, at) => (word === keyHash(two)[at] ? [at] : []));
  expect(same).toEqual(words);
  for (const order of [keys, keys.toReversed()]) {
    // Enough others that the tables grow with both in them.
    const rows = [...order, ...Array.from({ length: 5000 }, (_, at) => `other ${at}`)];
    const firstRows = createFirstRows();
    for (const [at, key] of rows.entries()) expect(firstRows.firstRow(key, at + 1)).toBeUndefined();
    for (const [at, key] of order.entries()) expect(firstRows.firstRow(key, 9999)).toBe(at + 1);
  }
});

test("tables grow with their keys and lose none", () => {
  const firstRows = createFirstRows();
  for (let row = 1; row <= 12_000; row++) expect(firstRows.firstRow(`key ${row}`, row)).toBeUndefined();
  for (let row = 12_000; row >= 1; row--) expect(firstRows.firstRow(`key ${row}`, 20_000)).toBe(row);
});
