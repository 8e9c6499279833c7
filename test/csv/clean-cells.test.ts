import { describe, expect, test } from "vitest";
import { cleanCells, isEmptyToken, isSpreadsheetError, withoutFormula } from "../../shared/csv/clean-cells.ts";

describe("a cell is cleaned of what spreadsheets and databases write around it", () => {
  test.each([
    ['="Bob"', "Bob"],
    [' ="Bob" ', "Bob"],
    ['\t="Bob ""the"" builder"', 'Bob "the" builder'],
    ['=""', ""],
    ["\\N", ""],
    [" \\N ", ""],
  ])("%j is %j", (cell, clean) => {
    const cells = ["x", cell, "y"];
    expect(cleanCells(cells)).toEqual(["x", clean, "y"]);
    expect(cells[1]).toBe(cell);
    expect(cleanCells([cell, '="z"'])).toEqual([clean, "z"]);
  });

  test.each(['="Bob', '="a"b"', "=B2", "Bob", "\\Nx", "\\n", " Bob", '"Bob"', '+="Bob"', ""])(
    "%j stays as it is",
    (cell) => {
      const cells = [cell];
      expect(cleanCells(cells)).toBe(cells);
      expect(withoutFormula(cell)).toBe(cell);
    },
  );
});

test.each([
  ["#N/A", true],
  ["#n/a", true],
  ["#WERT!", true],
  ["#NAME?", true],
  ["#¡VALOR!", true],
  ["#¿NOMBRE?", true],
  ["#DIV/0!", true],
  ["#ЗНАЧ!", true],
  ["####", true],
  ["###", true],
  ["Err:502", true],
  ["#GETTING_DATA", true],
  ["#HIÁNYZIK", true],
  ["#Н/Д", true],
  ["#BRAK", true],
  ["##", false],
  ["#1", false],
  ["#wert!", false],
  ["#W!", false],
  ["#SALE", false],
  ["Err:50", false],
  ["Error", false],
  ["EERROR", false],
  ["ERROR", false],
  ["N/A", false],
  [`#${"A".repeat(22)}!`, true],
  [`#${"A".repeat(23)}!`, false],
  ["", false],
])("%j is a spreadsheet's error: %s", (value, isError) => {
  expect(isSpreadsheetError(value)).toBe(isError);
});

test.each([
  [
    "null",
    "NULL",
    "Null",
    "nil",
    "NaN",
    "nan",
    "None",
    "undefined",
    "n/a",
    "N/A",
    "N/a",
    "n.a.",
    "#n/a",
    "(null)",
    "<NULL>",
  ],
  [
    "[null]",
    "(none)",

    "(blank)",
    "unknown",
    "Unknown",
    "<NA>",
    "loading...",
    "Loading…",
    "TBA",
    "tbc",
    "TBD",
    "NaT",
  ],
  [
    "unbekannt",
    "Inconnu",
    "desconocido",
    "sconosciuto",
    "ONBEKEND",
    "NA",
    "-",
    "--",
    "---",
    "–",
    "—",
    "?",
    "??",
    ".",
    "/",
  ],
])("%s and the like stand for nothing", (...words) => {
  for (const word of words) expect(isEmptyToken(word), word).toBe(true);
});

test.each(["", "nulls", "0", "Nancy", "none of it", "Na", "na", "....", "Mr", "unknown number", "x"])(
  "%j stands for itself",
  (word) => {
    expect(isEmptyToken(word)).toBe(false);
  },
);
