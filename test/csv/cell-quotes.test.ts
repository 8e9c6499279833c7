import { describe, expect, test } from "vitest";
import { beginsBehindBlank, readQuotes } from "../../shared/csv/cell-quotes.ts";

/** Cells of which `misquoted` go on behind their mark, with what was between the marks, and `behindBlank` begin with a blank. */
const read = (
  cells: readonly string[],
  misquoted: readonly (readonly [number, string])[],
  behindBlank: readonly number[],
) => {
  const { cells: meant, doubt } = readQuotes(cells, {
    misquoted: new Map(misquoted),
    behindBlank: new Set(behindBlank),
  });
  return doubt === undefined ? meant : [meant, doubt.problem.slice(0, 30)];
};

describe("quotation marks", () => {
  test("with blanks behind them are a cell's all the same", () => {
    expect(read(["x", '"a" \t\u00a0', "y"], [[1, "a"]], [])).toEqual(["x", "a", "y"]);
    expect(
      read(
        ['"a" ', '"b" '],
        [
          [0, "a"],
          [1, "b"],
        ],
        [],
      ),
    ).toEqual(["a", "b"]);
  });

  test("with a text behind them are in doubt, and the cells are left as they are", () => {
    expect(
      read(
        ['"a"b', '"c" '],
        [
          [0, "a"],
          [1, "c"],
        ],
        [],
      ),
    ).toEqual([['"a"b', '"c" '], "A quotation mark inside a quot"]);
    expect(read(['"a" b'], [[0, "a"]], [])).toEqual([['"a" b'], "A quotation mark inside a quot"]);
  });

  test("with blanks before them are a cell's, too", () => {
    expect(read([' "a"', '\t"b ""c"" d" ', "e"], [], [0, 1])).toEqual(["a", 'b "c" d', "e"]);
    expect(read([' ""'], [], [0])).toEqual([""]);
  });

  test("with blanks before them that are not closed are in doubt", () => {
    for (const cell of [' "a', ' "a" b', ' "a"b"']) {
      expect(read([cell], [], [0])).toEqual([[cell], "A cell begins with a blank and"]);
    }
  });

  test("that are wrong in two cells are in doubt for the first", () => {
    expect(read(['"a"b', ' "c'], [[0, "a"]], [1])[1]).toBe("A quotation mark inside a quot");
    expect(read([' "c', '"a"b'], [[1, "a"]], [0])[1]).toBe("A cell begins with a blank and");
  });

  test("are behind a blank where only blanks are before them", () => {
    const yes = [' "', '\t"a"', '\u00a0"a', ' \t "a"'];
    const no = ["", '"a"', " a", ' a"', 'a "', '\u2003"', " "];
    expect(yes.map(beginsBehindBlank)).toEqual(yes.map(() => true));
    expect(no.map(beginsBehindBlank)).toEqual(no.map(() => false));
  });
});
