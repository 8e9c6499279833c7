import { describe, expect, test } from "vitest";
import { readNumberCell } from "../../shared/csv/number-cell.ts";

/** What is read of a cell: its text, or the beginning of what is wrong with it. */
const read = (cell: string) => {
  const found = readNumberCell(cell);
  return found.kind === "cell" ? found.text : found.problem.split(/[;,]/)[0];
};

describe("a cell of numbers", () => {
  test.each([
    "12/31/2024",
    "31/12/2024",
    "1/1/2024",
    "01-02-2024",
    "31.12.24",
    "2024-12-31",
    "12 31 2024",
    "31 12 2024",
    "31/12/2024 10:30",
    "12/30/2024 10:30 pm",
  ])("is a date: %s", (cell) => {
    expect(read(cell)).toBe("This is a date");
  });

  test.each(["13/13/2024", "32/12/2024", "12/32/2024", "0/5/2024", "2024-13-32", "12 32 2024", "13 13 2024", "12/3"])(
    "is no date, for there is no such day: %s",
    (cell) => {
      expect(read(cell)).toBe(cell);
    },
  );

  test.each(["201, 202", "1234567/7654321", "1234567 7654321", "1234567 +7654321", "07700900001/2", "07700900001/12"])(
    "has more than one number: %s",
    (cell) => {
      expect(read(cell)).toBe("There is more than one number in the cell");
    },
  );

  test.each(["12, 34", "123, 45", "123456/7654321", "030/1234567", "123456 7654321", "07700900001/123"])(
    "has one number: %s",
    (cell) => {
      expect(read(cell)).toBe(cell);
    },
  );

  test.each([
    ["07700900001;", "07700900001"],
    ["07700900001 ,", "07700900001"],
    ["tel:+447700900001", "+447700900001"],
    ["sms:%2B447700900001", "+447700900001"],
    ["callto://07700%20900001", "07700 900001"],
    ["'07700900001", "07700900001"],
    ['="07700900001"', "07700900001"],
    ["“07700900001”", "07700900001"],
    ["07700900001.0", "07700900001"],
    ["4.47700900001E+11", "447700900001"],
    ["1".repeat(200), "1".repeat(200)],
    ["1".repeat(201), "The number is too long"],
    ["1.2.0", "1.2.0"],
    ["4.477E+11", "The spreadsheet shortened the number and its last digits are lost"],
    ["07700900001 ext 5", "The number has an extension"],
    ["07700900001 x1234567", "The number has letters in it"],
    ["0770O900001", "The number has letters in it"],
    ["07700 9001 OO", "The number has letters in it"],
    ["1-800 FLOWERS", "The number has letters in it"],
    ["Ann 1234567", "There is a remark beside the number"],
    ["07700 900135 (mobile)", "There is a remark beside the number"],
    ["07700 900135 (mobile 2)", "There is a remark beside the number"],
    ["(private) +44 7700 900135", "There is a remark beside the number"],
    ["Mobile: 07700 900135", "There is a remark beside the number"],
    ["07700 900135 - Büro, Frau Weiß", "There is a remark beside the number"],
    ["mob. (07700) 900135", "There is a remark beside the number"],
    ["#REF!", "The cell has a spreadsheet's error in place of the number"],
    ["()", "There are no digits in the number"],
    ["---", "The row has no number"],
    ["  ", "The row has no number"],
  ])("%s is read as %s", (cell, expected) => {
    expect(read(cell)).toBe(expected);
  });
});
