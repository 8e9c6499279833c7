import { describe, expect, test } from "vitest";
import { endOfNumber, isClearRemark, writtenNumber } from "../../shared/csv/set-apart.ts";

const digitsOf = (text: string) => text.replace(/\D/g, "");

/** Complete are numbers of eleven and twelve digits that begin with 0, as if it were a country's plan. */
const isComplete = (text: string) => /^0\d{10,11}$/.test(digitsOf(text));
const end = (text: string, isUsual?: (text: string) => boolean) => endOfNumber(text, isComplete, isUsual);

describe("digits set apart at a number's end", () => {
  test.each([
    ["one group", "07700900001"],
    ["no digits", "none"],
    ["groups that are not short", "07700 900001"],
    ["two equal groups", "030 12 34 56 78 90"],
    ["as many digits as the group before but one", "0151 23456789 1234567"],
    ["groups of one length and what was left", "07700 900 00 1"],
    ["a long group in brackets behind a beginning", "07700 9 (00001)"],
    ["several wide gaps", "0151  23456789  12345678"],
    ["digit by digit", "0 1 5 1 2 3 4 5 6 7 8 9"],
    ["a group that is no second number's", "0151 23456789 1171 23456789"],
    ["a second number's, of which nothing is a whole one", "0151 2345678901 0171 23456789"],
    ["a beginning and another number", "0151 23 0171 23456789"],
    ["a zero behind a hyphen", "0151 23456789-0171 23456789"],
    ["a wide gap elsewhere", "0151  2345678 12345678"],
    ["groups of one length behind a hyphen", "0770-0900 00 1"],
    ["a code and a zero in brackets", "49 (0)171 1234567"],
  ])("are part of it: %s", (_, text) => {
    expect(end(text)).toEqual({ kind: "part" });
  });

  test.each([
    ["0151 23456789 (1)", "0151 23456789"],
    ["0151 23456789 1", "0151 23456789"],
    ["0151 23456789 12", "0151 23456789"],
    ["0151 23456789(12)", "0151 23456789"],
    ["0151-2345678 - 1", "0151-2345678"],
    ["07700 900 001 23", "07700 900 001"],
    ["07700 09 00 00 1", "07700 09 00 00"],
  ])("are a remark: %s", (text, number) => {
    expect(end(text)).toEqual({ kind: "remark", number });
  });

  test.each([
    "0151 23456789-1",
    "0151 23456789-12",
    "0151 23456789 123",
    "0151 23456789 123456",
    "0151 23456789 (123)",
    "0151 23456789  12345678",
    "0151 23456789 - 12345678",
    "07700 90000 1",
    "0151 23456789 012",
    "07700 90000 (1)",
    "07700 900 00-1",
    "07700 900 (0001)",
    "07700 9000012 3 4",
    "0 1 5 1 2 3 4 5 6 7 8-9",
    "2. 0171 1234567",
    "(12) 0171 1234567",
    "999: 0171 1234567",
  ])("are asked about: %s", (text) => {
    expect(end(text)).toEqual({ kind: "doubtful" });
  });

  test.each([
    "0151 23456789 0171 23456789",
    "0151 23456789/(0171) 23456789",
    "0151 23456789/1",
    "0151 2345678/23456789",
    "01512345678 0171 23456789",
    "0151 2345678 / 12",
  ])("are another number: %s", (text) => {
    expect(end(text)).toEqual({ kind: "second-number" });
  });

  test("are another number only where that begins with its zero, and with more than it", () => {
    const anyTen = (text: string) => /^\d{10,12}$/.test(digitsOf(text));
    expect(endOfNumber("01512345678 01 7123456789", anyTen).kind).toBe("second-number");
    for (const text of ["0151 23456789 1171 23456789", "0151 23456789 0 171 1234567"]) {
      expect(endOfNumber(text, anyTen), text).toEqual({ kind: "part" });
    }
  });

  test("are part of a number that is written digit by digit, but of few digits nobody can tell", () => {
    expect(endOfNumber("1 2 3 4 5", () => true)).toEqual({ kind: "part" });
    expect(endOfNumber("1 2 3 4", () => true)).toEqual({ kind: "remark", number: "1 2 3" });
  });

  test("are counted only before a whole number, and by few digits", () => {
    for (const text of ["1234. 0171 1234567", "2. 0171 123456", "0. 0171 1234567", "2. +49171 1234567"]) {
      expect(end(text).kind).toBe("part");
    }
  });

  test("only continue the groups before them where those are not a whole number's usual ones", () => {
    const asked: string[] = [];
    const unusual = (text: string) => {
      asked.push(text);
      return false;
    };
    expect(end("0770 0900 0012 345", unusual)).toEqual({ kind: "part" });
    expect(end("0770 090 001 23", unusual)).toEqual({ kind: "part" });
    expect(end("07700-900 001 23", unusual)).toEqual({ kind: "part" });
    expect(asked).toEqual(["0770 0900 0012", "0770 090 001", "07700-900 001"]);
    for (const text of ["07700/900/001/234", "07700/900/001/2345"]) {
      expect(end(text, unusual)).toEqual({ kind: "second-number" });
    }
    for (const text of ["0770 0900 0012 34", "07700 900 001 23"]) expect(end(text).kind).toBe("remark");
    for (const text of [
      "07700 900 001 2",
      "07700 900-001 23",
      "07700 901 0001 23",
      "07700 (900) (001) 23",
      "077009 000012 34",
      "07700(900(001(23",
    ]) {
      expect(end(text, unusual), text).toMatchObject({ kind: "remark" });
    }
  });
});

test.each([
  ["+49 151 2345", { plus: true, digits: "491512345", head: 2 }],
  [" (+49) 151", { plus: true, digits: "49151", head: 2 }],
  ["0151-2345", { plus: false, digits: "01512345", head: 4 }],
  ["1+1", { plus: false, digits: "11", head: 1 }],
  ["-", { plus: false, digits: "", head: 0 }],
])("%j is written as %j", (text, written) => {
  expect(writtenNumber(text)).toEqual(written);
});

test.each([
  ["0151 2345678 (2)", true],
  ["0151 2345678 ( 2 )", true],
  ["0151 2345678 - 2", true],
  ["0151 2345678 --2", true],
  ["0151 2345678 (12)", false],
  ["0151 2345678 - 12", false],
  ["0151 - 2345678 - 2", false],
  ["0151 2345678-2", false],
  ["0151 2345678 2", false],
])("%j ends in a clear remark: %s", (text, clear) => {
  expect(isClearRemark(text)).toBe(clear);
});
