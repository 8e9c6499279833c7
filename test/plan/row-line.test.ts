import { describe, expect, it } from "vitest";
import { readRowLine, rowLineText } from "../../shared/plan/row-line.ts";

describe("a row of a plan", () => {
  it.each([
    { cells: ["+447700900001", "Ann"], segments: 1, line: 7, number: "+447700900001" },
    { cells: ["x"], segments: 0, line: 8, unsent: { status: "invalid" as const, detail: "No number" } },
  ])("reads back as it was written", (row) => expect(readRowLine(rowLineText(row))).toEqual(row));

  it.each([
    ['[["a"],2]', { cells: ["a"], segments: 2 }],
    ['[["a"],0,"skipped","Twice"]', { cells: ["a"], segments: 0, unsent: { status: "skipped", detail: "Twice" } }],
  ])("of an older version is read without line and number: %s", (text, row) => expect(readRowLine(text)).toEqual(row));

  it.each([
    "",
    "{}",
    '{"v":3,"cells":["a"],"segments":1}',
    '[["a"]]',
    '[["a",1],1,[7,"+447700900001"]]',
    '[["a"],1,"held","Waits",7]',
    '[["a"],1,"invalid"]',
    '[["a"],1,"invalid","No number",7,"more"]',
    '[["a"],1,[7,"+447700900001","more"]]',
    '[["a"],1,[7,"+447700900001"],"more"]',
    '[["a"],1,{"line":7}]',
  ])("of another version is not taken for something else: %s", (text) => expect(readRowLine(text)).toBeUndefined());
});
