import { describe, expect, test } from "vitest";
import { swallowedRows } from "../../shared/csv/swallowed-rows.ts";

const found = (cells: readonly string[], width: number, misquoted = false, delimiter = ",") =>
  swallowedRows(cells, { delimiter, width }, misquoted)?.example;

describe("rows that a stray quotation mark took into a cell", () => {
  test.each([
    ["one row", ["07700900001", "Hi\n07700900002,Bye"], 2, "a further row", "07700900002,Bye"],
    ["two rows", ["07700900001", "a\n07700900002,b\n07700900003,c"], 2, "2 further rows", "07700900002,b"],
    [
      "three rows, however lines end",
      ["07700900001", "a\r07700900002,b\r\n07700900003,c\n07700900004,d"],
      2,
      "3 further rows",
      "0",
    ],
    ["a row whose last cells are this one's", ["1", "a\n07700900002,b", "c"], 3, "a further row", "07700900002,b"],
    [
      "numbers in their column",
      ["Ann", "07700900001", "a\nBob,07700900002,b"],
      3,
      "a further row",
      "Bob,07700900002,b",
    ],
    [
      "two rows, the last with cells behind it",
      ["07700900001", "a\n07700900002,b,c\n07700900003,d", "e"],
      3,
      "2 further rows",
      "0",
    ],
    ["a row below half of one", ["07700900001", "07700900002,x\n07700900003,y"], 2, "a further row", "07700900003,y"],
    [
      "the first of numbers behind a break",
      ["x", "y", "+447700900002,x\n+447700900003,x,z"],
      9,
      "a further row",
      "02,x",
    ],
    ["numbers in the column of this cell", ["x", "a\nx,07700900002"], 2, "a further row", "x,07700900002"],
    ["numbers as spreadsheets write them", ["x", "a\nx,(0)7700 900-002"], 2, "a further row", "x,(0)7700"],
    ["a number behind the break only", ["x", "y", "Hi\n+447700900002,x"], 9, "a further row", "+447700900002,x"],
    ["a number at a line's end", ["x", "y, 07700900002 \nz"], 9, "a further row", "y, 07700900002"],
    ["a number at the beginning", ["07700900002,y\nz"], 9, "a further row", "07700900002,y"],
    ["behind a cell with a break of its own", ["a\nb", "Hi\n07700900002,Bye"], 2, "a further row", "07700900002,Bye"],
  ])("are noticed: %s", (_, cells, width, count, first) => {
    expect(found(cells, width)).toContain(`the cell holds ${count}, from`);
    expect(found(cells, width)).toContain(first);
  });

  test.each([
    ["a text of several lines", ["07700900001", "Dear Ann,\nsee you, Bob\nBye"], 2],
    ["a text with a number in it", ["07700900001", "Dear Ann,\ncall 07700900002 now, or\nwrite"], 2],
    ["a number on a line of its own", ["07700900001", "Dear Ann, call\n07700900002\nBye"], 2],
    ["lines of another list's width", ["1", "a\n(0)7700 900-002,b,c"], 2],
    ["lines whose numbers stand where others do not", ["Ann", "x", "a\n(0)7700 900-002,b,c"], 3],
    ["a number that is too short", ["1", "a\n1234567,b"], 3],
    ["a number that is too long", ["1", "a\n1234567890123456,b"], 3],
    ["no break", ["1", "07700900002,b"], 2],
    ["no delimiter", ["1", "a\n07700900002;b"], 2],
    ["a list of one column", ["a\n07700900002,b"], 1],
  ])("are not seen in %s", (_, cells, width) => {
    expect(found(cells, width)).toBeUndefined();
  });

  test("are parts of rows where the marks are odd anyway", () => {
    const cells = ["07700900001", "a\nx,(0)7700 900-002", "y", "z"];
    expect(found(cells, 9)).toBeUndefined();
    expect(found(cells, 9, true)).toContain("a further row");
    expect(found(["a,b\n(0)7700 900-002"], 9, true)).toBeUndefined();
    expect(found(["07700900001", "a\n(0)7700 900-002"], 9, true)).toBeUndefined();
  });

  test("are cut as the list's rows are", () => {
    expect(found(["1", "Hi\n07700900002;Bye"], 2, false, ";")).toContain("a further row");
    const doubt = swallowedRows(["1", "Hi\n07700900002;Bye"], { delimiter: ";", width: 2 }, false);
    expect(doubt?.problem).toContain("A quotation mark takes the rows after it into one cell");
  });
});
