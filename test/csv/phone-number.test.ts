import fc from "fast-check";
import { getCountries, getCountryCallingCode, getExampleNumber } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, test } from "vitest";
import type { ReadNumber } from "../../shared/csv/destination.ts";
import { createNumberReader, type NumberFormat } from "../../shared/csv/phone-number.ts";

function readerOf(format: NumberFormat, country?: string): ReadNumber {
  const reader = createNumberReader(format, country);
  if (reader.kind === "refused") throw new Error(reader.reason);
  return reader.read;
}

describe("numbers that begin alike are read like numbers read alone", () => {
  const formats: readonly NumberFormat[] = ["e164", "national", "digits", "as-is"];

  test.each(formats)(
    "as %s, in every country",
    (format) => {
      let state = 1;
      const digit = () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 16) % 10;
      };
      const digits = (length: number) => Array.from({ length }, digit).join("");
      for (const country of getCountries()) {
        const example = getExampleNumber(country, examples);
        const remembering = readerOf(format, country);
        const national = example?.nationalNumber ?? digits(9);
        const code = getCountryCallingCode(country);
        const heads = [
          national.slice(0, -4),
          national.slice(0, 3) + digits(Math.max(0, national.length - 7)),
          digits(6),
        ];
        for (const head of heads) {
          for (const start of [`+${code}`, "0", "", code]) {
            for (const tail of ["0000", digits(4), digits(4)]) {
              const text = start + head + tail;
              expect([text, remembering(text)]).toEqual([text, readerOf(format, country)(text)]);
            }
          }
        }
      }
    },
    60_000,
  );
});

test("any cell has an answer, and a destination can be dialled", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(fc.constantFrom(..."0123456789+ ()-./*#,;'=\"E"), { maxLength: 24 }).map((units) => units.join("")),
  );
  for (const [format, country] of [
    ["as-is", undefined],
    ["digits", undefined],
    ["e164", undefined],
    ["as-is", "GB"],
    ["e164", "GB"],
    ["national", "US"],
    ["digits", "DE"],
  ] as const) {
    const read = readerOf(format, country);
    fc.assert(
      fc.property(cell, (text) => {
        const found = read(text);
        if (found.kind === "invalid") {
          expect(found.problem).toMatch(/^[A-Z]/);
          return;
        }
        expect(found.cnumber).toMatch(format === "as-is" ? /^\+?[*#0-9().\s/-]+$/ : /^\+?[*#0-9]+$/);
        expect(found.cnumber).toMatch(/[\d*#][^\d*#]*[\d*#]/);
      }),
      { numRuns: 300 },
    );
  }
});

test("two ways of writing one number have one identity, two numbers have two", () => {
  const gb = readerOf("as-is", "GB");
  const identity = (text: string) => {
    const found = gb(text);
    return found.kind === "destination" ? found.identity : undefined;
  };
  const same = [
    "+447700900001",
    "07700900001",
    "07700 900001",
    "0044 7700 900001",
    "+44 (0)7700-900001",
    "'07700900001",
  ];
  expect(new Set(same.map(identity))).toEqual(new Set(["+447700900001"]));
  expect(identity("07700900002")).not.toBe(identity("07700900001"));
  expect(identity("201")).not.toBe(identity("202"));
});

describe("digits set apart, and zeros that may be lost", () => {
  const readIn = (country: string | undefined, cell: string) => {
    const reader = createNumberReader(undefined, country);
    if (reader.kind === "refused") throw new Error(reader.reason);
    const read = reader.read(cell);
    return read.kind === "invalid" ? read.problem.split(/[;:]/)[0] : read.cnumber;
  };
  const apart = "Some digits are set apart";
  const two = "The cell could mean two numbers";

  test.each([
    [undefined, "00 994 40 123 45 67", "00 994 40 123 45 67"],
    [undefined, "994 40 123 45 67 12", apart],
    [undefined, "0151 23456789 4", apart],
    [undefined, "07700 900 123 456 789 000 1", "The number is too long"],
    ["DE", "226 70 12 34 56 12", apart],
    ["DO", "68242548 12", apart],
    ["IT", "+39 (0) 095 276101 12", apart],
    ["LU", "80 74 30 2", apart],
    ["FR", "06 12 34 56 78", "+33612345678"],
    ["DE", "030 12 34 56 78", "+493012345678"],
    ["IT", "331123456", two],
    ["IT", "3311234567", "+393311234567"],
    ["IT", "0331 123456", "+390331123456"],
    ["GA", "6031234", two],
  ])("in %s, %s", (country, cell, read) => expect(readIn(country, cell)).toBe(read));

  test("a country's plan holds what begins with 00 and no country", () => {
    expect(readIn(undefined, "00 994 40 123 45 67 12")).toMatch(/wrong length|last digits/);
  });
});

describe("a row that says more of its number", () => {
  const [contradiction, unknown] = [
    "The row's country and dialling code contradict each other",
    "The row's country is not known",
  ];

  test.each([
    ["digits", "06 12 34 56 78", { country: "FR" }, "33612345678"],
    ["national", "06 12 34 56 78", { country: "FR" }, "The number belongs to another country than GB"],
    ["national", "07700 900001", { country: "GB" }, "07700900001"],
    ["as-is", "06 12 34 56 78", { country: "FR" }, "+33612345678"],
    ["as-is", "07700 900001", { country: "GB" }, "07700 900001"],
    ["as-is", "07700 900001", { callingCode: "44" }, "+447700900001"],
    ["e164", "06 1234 5678", { country: "Italy (39)" }, "+390612345678"],
    ["e164", "06 1234 5678", { country: "Italy (44)" }, contradiction],
    ["e164", "07700 900001", { country: "()" }, unknown],
    ["e164", "07700 900001", { callingCode: "()" }, "The row's dialling code does not exist"],
    ["e164", "07700 900001", { country: " ", callingCode: "()" }, "The row's dialling code does not exist"],
    ["e164", "07700 900001", { callingCode: "N/A" }, "+447700900001"],
    ["e164", "07700 900001", { country: "n/a", callingCode: " - " }, "+447700900001"],
    ["e164", "07700 900001", { country: " ", callingCode: " " }, "+447700900001"],
    ["e164", "081 123 4567", { country: "NA" }, "+264811234567"],
    ["e164", "06 1234 5678", { country: " ", callingCode: "Italy (+44)" }, contradiction],
    ["e164", "06 12 34 56 78", { country: "FR", callingCode: "N/A" }, "The row's dialling code does not exist"],
  ] as const)("handed on as %s: %s %j", (format, cell, row, expected) => {
    const found = readerOf(format, "GB")(cell, row);
    expect(found.kind === "invalid" ? found.problem.split(";")[0] : found.cnumber).toBe(expected);
  });
});

test.each([
  ["e164", " 07700 9000 ", undefined, '"07700 9000"'],
  ["national", " +33 6 12 34 56 78 ", undefined, '"+33 6 12 34 56 78"'],
  ["e164", "06 1234 5678", { country: " ", callingCode: "Italy (+44)" }, '"Italy (+44)"'],
  ["e164", "06 1234 5678", { country: "FR", callingCode: "Italy" }, '"FR, Italy"'],
  ["e164", "+33612345678", { country: "Italy (+39)" }, '"Italy (+39) +33612345678"'],
  ["e164", "+33612345678", { country: "Italy", callingCode: "39" }, '"39 +33612345678"'],
] as const)("what is wrong is shown without the blanks around it, as %s: %j %j", (format, cell, row, example) => {
  expect(readerOf(format, "GB")(cell, row)).toMatchObject({ kind: "invalid", example });
});

test.each([
  ["AG", "+12015550123", "201-555-0123"],
  ["BB", "+12015550123", "2015550123"],
  ["GB", "+447700900123", "447700900123"],
])(
  "as it is, in %s, %s is one person with %s: nobody dials another country without saying so",
  (country, one, other) => {
    const read = readerOf("as-is", country);
    const identities = [one, other].map((cell) => {
      const found = read(cell);
      return found.kind === "invalid" ? found.problem : found.identity;
    });
    expect(identities).toEqual([one, one]);
  },
);

test("a cell that is missing says what an empty one does, whatever other rows have there", () => {
  const absent: { readonly country: string; readonly callingCode?: string } = { country: "France" };
  const rows = [
    absent,
    { country: "France", callingCode: "undefined" },
    absent,
    { country: "France", callingCode: "" },
  ];
  for (const given of [rows, rows.toReversed()]) {
    const read = readerOf("e164", "GB");
    const found = given.map((row) => [row.callingCode, read("06 12 34 56 78", row).kind]);
    for (const [code, kind] of found)
      expect([code, kind]).toEqual([code, code === "undefined" ? "invalid" : "destination"]);
  }
});

test("nobody is told to write a plus sign where only numbers of the country can be handed on", () => {
  const hint = "if it begins with another country's code, write it with +";
  for (const [format, expected] of [
    ["e164", expect.stringContaining(hint)],
    ["national", expect.not.stringContaining(hint)],
  ] as const) {
    expect(readerOf(format, "BR")("447700900001")).toMatchObject({ kind: "invalid", problem: expected });
    expect(readerOf(format, "GB")("447700900001")).toMatchObject({ kind: "destination", identity: "+447700900001" });
  }
});

test("a number handed on as it is has its identity by its length alone", () => {
  const unlisted = createNumberReader("as-is", "GB");
  expect(unlisted.kind === "reader" && unlisted.read("00 968 0 865 1234")).toMatchObject({
    cnumber: "00 968 0 865 1234",
    identity: "+96808651234",
  });
});

test.each([
  ["LU", "4444", "+3524444"],
  ["SH", "22222", "+29022222"],
  ["GB", "0123 456 7890", "This is a placeholder"],
  ["MY", "012-345 6789", "+60123456789"],
])(
  "digits that are all the same or count up are nobody's number, unless they are so few or a mobile's: %s %s",
  (country, cell, expected) => {
    const found = readerOf("e164", country)(cell);
    expect(found.kind === "invalid" ? found.problem.split(",")[0] : found.cnumber).toBe(expected);
  },
);

test.each([
  ["07700 900001 12", "+447700900001"],
  ["07700 900001 - 5", "+447700900001"],
  ["020 7946 0000-12", "Some digits are set apart"],
  ["+385 35 949 999 62 9", "Some digits are set apart"],
  ["0171 1234567 (1) 2", "Some digits are set apart"],
  ["07700 900001 123", "Some digits are set apart"],
])("digits behind a number are a remark where they cannot be its end: %s", (cell, expected) => {
  const found = readerOf("e164", "GB")(cell);
  expect(found.kind === "invalid" ? found.problem.split(";")[0] : found.cnumber).toBe(expected);
});

test.each([
  ["GB", "04412345678"],
  ["GB", "+44 4412 345678"],
  ["JP", "0812345678"],
  ["AU", "0612345678"],
])(
  "a number that the plan of %s does not have is not handed on without what is dialled before it: %s",
  (country, cell) => {
    const read = (format: NumberFormat) => {
      const reader = createNumberReader(format, country, "length");
      if (reader.kind === "refused") throw new Error(reader.reason);
      return reader.read(cell);
    };
    expect(read("e164")).toMatchObject({ kind: "destination", doubt: "unlisted" });
    expect(read("national")).toMatchObject({
      kind: "invalid",
      problem: `${country}'s numbering plan has no such number, so nobody can tell how it is dialled within the country; say "numberFormat": "e164" in the options`,
    });
  },
);

test.each([
  ["UY", "+598 094 1234567"],
  ["KR", "+82 85 2564928"],
])(
  "a number of %s that is another one as it would be dialled within the country is not handed on: %s",
  (country, cell) => {
    const numbers = createNumberReader("national", country, "length");
    if (numbers.kind === "refused") throw new Error(numbers.reason);
    expect(numbers.read(cell)).toMatchObject({
      kind: "invalid",
      problem: expect.stringContaining(`${country}'s numbering plan has no such number`),
    });
  },
);

test("a number that the plan does not have is handed on as it is dialled where the plan says how such numbers are", () => {
  const reader = createNumberReader("national", "AT", "length");
  expect(reader.kind === "reader" && reader.read("04312345678")).toMatchObject({ cnumber: "04312345678" });
});
