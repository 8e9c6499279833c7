import { expect, test } from "vitest";
import { readTypedNumber } from "../../console/page/typed-number.ts";

test.each([
  ["2.5", 2.5],
  ["2,5", 2.5],
  [" 2,5 ", 2.5],
  [",5", 0.5],
  [".05", 0.05],
  ["0,050", 0.05],
  ["0.125", 0.125],
  ["10", 10],
  ["1000", 1000],
  ["1000.5", 1000.5],
  ["1234,567", 1234.567],
  ["1 000", 1000],
  ["1\u00a0000", 1000],
  ["1\u202f000,5", 1000.5],
  ["1'000", 1000],
  ["1’000.5", 1000.5],
  ["1.234,5", 1234.5],
  ["1,234.5", 1234.5],
  ["1,234.567", 1234.567],
  ["1.234.567", 1_234_567],
  ["12,345,678.9", 12_345_678.9],
  ["１２", 12],
  ["２，５", 2.5],
  ["٢٫٥", 2.5],
  ["५", 5],
] as const)("%j is %d", (typed, value) => {
  expect(readTypedNumber(typed)).toEqual({ kind: "number", value });
});

test.each([
  ["1.000", [1, 1000]],
  ["1,000", [1, 1000]],
  ["12.500", [12.5, 12500]],
] as const)("%j may be two numbers", (typed, either) => {
  expect(readTypedNumber(typed)).toEqual({ kind: "ambiguous", either });
});

test.each([
  "",
  " ",
  "fast",
  "1e3",
  "-1",
  "+2",
  "2..5",
  "2,5,1",
  "1.23.456",
  "1,234,5",
  "1.234.56",
  "5 000 0",
  "½",
  "2.5/s",
  ".",
])("%j is none", (typed) => {
  expect(readTypedNumber(typed)).toEqual({ kind: "none" });
});
