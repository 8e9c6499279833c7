import { describe, expect, test } from "vitest";
import { readColumns } from "../../shared/csv/columns.ts";
import {
  characterProblem,
  continuesBelow,
  cutProblem,
  isShort,
  namelessCell,
  shapeProblem,
  usualCells,
} from "../../shared/csv/row-shape.ts";

function columnsOf(header: string) {
  const read = readColumns(header.split(","));
  if (read.kind === "refused") throw new Error(read.reason);
  return read.columns;
}

const more = "The row has more cells than the header has names";
const fewer = "The row has fewer cells than the header";
const oneCell = "The row is all one cell";

describe("the shape of a row", () => {
  test.each([
    ["phone,name,message", "07700900001;Ann;Hi"],
    ["phone,name,message", "07700900001;Ann"],
    ["phone,name,message", "07700900001"],
    ["phone,name,message", "07700900001;Ann;Hi;;  "],
    ["phone,name,message,,", "07700900001;Ann;Hi;;"],
    ["phone,name,message,,", "07700900001;Ann;Hi;;x"],
    ["phone,message,name,,", "07700900001;Hi;Ann;x"],
    ["phone,message,name,,", "07700900001;Hi;Ann; ;x"],
    ["phone", "07700900001,Ann"],
    ["phone,name", "07700900001,,"],
    ["phone,name,message", "07700900001|Ann;Hi"],
    ["phone,name", "07700900001,07700900002"],
    ["phone,name", "Ann, Bob"],
  ])("under %s is as it should be: %s", (header, cells) => {
    expect(shapeProblem({ line: 2, cells: cells.split(";") }, columnsOf(header))).toBeUndefined();
  });

  test.each([
    ["phone,name,message", "07700900001;Ann;Hi;there", more, "4 instead of 3"],
    ["phone,name,message", "07700900001;Ann;Hi;;there", more, "5 instead of 3"],
    ["phone,name,message,,", "07700900001;Ann;Hi;there", more, "4 instead of 3"],
    ["phone,message,name,,", "07700900001;Hi;Ann; there", more, "4 instead of 3"],
    ["phone,message,name,,", "07700900001;Hi;Ann;;;x", more, "6 instead of 3"],
    ["phone,name,message,,", "07700900001;Ann;Hi;there;", more, "5 instead of 3"],
    ["phone,message,", "07700900001;Hi; there", more, "3 instead of 2"],
    ["name,phone", "Ann", fewer, "1 instead of 2"],
    ["name,x,phone,,", "Ann;x", fewer, "2 instead of 3"],
    ["name,phone", "Ann,07700900001", oneCell, undefined],
    ["phone,name", "07700900001\tAnn", oneCell, undefined],
    ["phone,name", " 07700900001 | Ann", oneCell, undefined],
    ["phone,name", "07700900001; ;Ann".replaceAll(";", "|"), oneCell, undefined],
  ])("under %s is wrong: %s", (header, cells, problem, example) => {
    const found = shapeProblem({ line: 2, cells: cells.split(";") }, columnsOf(header));
    expect(found?.problem).toContain(problem);
    expect(found?.example).toBe(example);
  });

  test("in doubt is doubted, whatever else it is", () => {
    const doubt = { problem: "Nobody can tell" };
    expect(shapeProblem({ line: 2, cells: ["1", "2"], doubt }, columnsOf("phone,name"))).toBe(doubt);
  });

  test("may lack cells at its end, and has something behind its last name", () => {
    const columns = columnsOf("phone,name,message,,");
    expect([2, 3, 4].map((length) => isShort(Array(length).fill("x"), columns))).toEqual([true, false, false]);
    expect(namelessCell(["1", "2", "3"], columns)).toBeUndefined();
    expect(namelessCell(["1", "2", "3", " "], columns)).toBeUndefined();
    expect(namelessCell(["1", "2", "3", " ", "x"], columns)).toBe("x");
    expect(namelessCell(["1", "2", "3", "x", "y"], columns)).toBe("x");
  });
});

test("rows have a usual number of cells where three or more of them agree", () => {
  const rows = (...widths: readonly number[]) =>
    widths.map((length, line) => ({ line, cells: Array(length).fill("") }));
  expect(usualCells(rows(2, 2, 2))).toBe(2);
  expect(usualCells(rows(2, 2))).toBeUndefined();
  expect(usualCells(rows(2, 2, 3))).toBeUndefined();
  expect(usualCells([])).toBeUndefined();
});

describe("a row continues in the line below", () => {
  const text = columnsOf("phone,message,name");
  const last = columnsOf("phone,name,message");
  const list = { hasNumber: (cells: readonly string[]) => /\d{7}/.test(cells[0] ?? ""), usualCells: undefined };
  const record = (line: number, cells: string) => ({ line, cells: cells.split(";") });
  const continues = (columns: typeof text, row: string, below: string, usual?: number, gap = 1) =>
    continuesBelow(record(2, row), record(2 + gap, below), columns, { ...list, usualCells: usual });

  test.each([
    ["a text's rest and the cells behind it", text, "07700900001;Hello", "see you;Ann"],
    ["one cell behind a short row", text, "07700900001", "see you"],
    ["two halves of a row that lack its text", last, "07700900001;An", "na;Hello"],
    ["two halves of a row beside a nameless column", columnsOf("phone,name,message,"), "07700900001;An", "na;Hello"],
    ["a text's rest in the last column", last, "07700900001;Ann;Hello", "see you"],
    ["a text's rest of some cells", last, "07700900001;Ann;Hello", "see you, Bob;x"],
    ["a rest that has a number, too", text, "07700900001;Call", "07700900002;Ann"],
  ])("that is %s", (_, columns, row, below) => {
    expect(continues(columns, row, below)).toBe(true);
  });

  test.each([
    ["is not directly below", text, "07700900001;Hello", "see you;Ann", undefined, 2],
    ["is a whole row", text, "07700900001;Hello", "see you;Ann;x"],
    ["is below a whole row that does not end in its text", text, "07700900001;Hello;Ann", "see you"],
    ["has nothing in the number's place", text, "07700900001", ";Ann"],
    ["has nothing in the number's place, and would fit", last, "07700900001;An", ";Hello"],
    ["has what was meant for a number", text, "07700900001", "1234"],
    ["together with it is no whole row", last, "07700900001", "An;na"],
    ["has a number below a whole row", last, "07700900001;Ann;Hello", "07700900002"],
    ["has a number below a row that has no text", last, "07700900001;An", "07700900002;Hello"],
    ["has a number, and is no rest of a whole row", text, "07700900001;Call", "07700900002"],
    ["is as short as all rows are", text, "07700900001;Call", "07700900002;Ann", 2],
  ])("unless that %s", (_, columns, row, below, usual?: number, gap?: number) => {
    expect(continues(columns, row, below, usual, gap)).toBe(false);
  });

  test("unless there is none", () => {
    expect(continuesBelow(record(2, "07700900001;Hello"), undefined, text, list)).toBe(false);
  });

  test("where only one of two rows with numbers is as short as all are", () => {
    const short = columnsOf("phone,message,name,town");
    expect(continues(short, "07700900001;Call", "07700900002;Ann;x", 2)).toBe(true);
    expect(continues(short, "07700900001;Call", "07700900002;Ann;x", 3)).toBe(true);
    expect(continues(short, "07700900001", "123;Ann;x")).toBe(false);
    expect(continues(short, "07700900001;Call", "123;Ann;x")).toBe(true);
  });
});

describe("what no message carries", () => {
  const columns = columnsOf("phone,name");

  test("is a control character, or a damaged one", () => {
    for (let code = 0; code < 0x100; code++) {
      const cell = `a${String.fromCharCode(code)}b`;
      const control = (code < 0x20 && !"\t\n\r".includes(String.fromCharCode(code))) || (code > 0x7e && code < 0xa0);
      expect(characterProblem(["1", cell], columns)?.problem.includes("control character") ?? false).toBe(control);
    }
    expect(characterProblem(["1", "Zo\ufffd"], columns)).toEqual({
      problem: expect.stringContaining("damaged character"),
      example: 'column "name"',
    });
    expect(characterProblem(["1", "a", "\0"], columns)?.example).toBe('column ""');
  });

  test("is a text that a spreadsheet's cell has cut", () => {
    const cell = (length: number, end: string) => "x".repeat(length - 1) + end;
    expect(cutProblem(["1", cell(32_767, "…")], columns)).toEqual({
      problem: expect.stringContaining("after 32,767 characters"),
      example: 'column "name"',
    });
    expect(cutProblem([cell(32_767, "…"), "1"], columns)?.example).toBe('column "phone"');
    for (const whole of [cell(32_766, "…"), cell(32_768, "…"), cell(32_767, "x")]) {
      expect(cutProblem(["1", whole], columns)).toBeUndefined();
    }
  });
});
