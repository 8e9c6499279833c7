import { describe, expect, test } from "vitest";
import { readColumns } from "../../shared/csv/columns.ts";

/** What is said of a list's first line, with the rows below it. */
function faultOf(header: readonly string[], ...rows: readonly (readonly string[])[]): string | undefined {
  const read = readColumns(header, { records: rows.map((cells, at) => ({ line: at + 2, cells })) });
  return read.kind === "refused" ? read.reason : undefined;
}

const names = ["phone", "name"];
const row = ["+447700900123", "Ann"];

describe("column names below the first line are found", () => {
  test.each<[string, string[], string[][], string | undefined]>([
    ["under a title", ["Spring sale"], [names, row], 'in line 2 ("phone", "name")'],
    ["under a title in one of the columns, with blanks", ["Spring sale", " "], [names, row], "in line 2"],
    ["under two titles", ["Spring sale"], [["2026"], names, row], "in line 3"],
    ["with no row below", ["Spring sale"], [names], "in line 2"],
    ["in one cell", ["Spring sale"], [["phone;name"], ["+447700900123;Ann"]], 'in line 2 ("phone", "name")'],
    ["not without numbers below", ["Spring sale"], [names, ["Ann", "x"]], undefined],
    ["not by numbers above alone", ["Spring sale"], [row, names, ["Ann", "x"]], undefined],
    ["not with fewer names than above", ["shop", "town", "street"], [names, row], undefined],
  ])("%s", (_, header, rows, said) => {
    const reason = faultOf(header, ...rows) ?? "";
    if (said === undefined) expect(reason).not.toContain("The column names seem to be in line");
    else expect(reason).toContain(`The column names seem to be ${said}`);
  });
});

describe("lines that are all one column", () => {
  test.each<[string, string[], string[][], boolean]>([
    ["in quotation marks", ["mob,first"], [["+447700900123,Ann"]], true],
    ["with empty cells behind them", ["mob;first", " "], [["+447700900123;Ann", " "]], true],
    ["but for one", ["mob,first"], [["+447700900123,Ann"], ["+447700900124"]], false],
    ["with more behind them", ["mob,first"], [["+447700900123,Ann", "x"]], false],
    ["under a header of two cells", ["mob,first", "town"], [["+447700900123,Ann"]], false],
    ["under a single name with a comma behind it", ["mob, "], [["+447700900123,Ann"]], false],
  ])("%s", (_, header, rows, isSaid) => {
    expect((faultOf(header, ...rows) ?? "").includes("in quotation marks as a whole")).toBe(isSaid);
  });

  test.each<[string, string[], string[][], boolean]>([
    ["of a fixed width", ["mob       first"], [["+447700900123  Ann"]], true],
    ["of a fixed width but for some", ["mob   first"], [["1   Ann"], ["2   Bob"], ["Total"]], true],
    ["half of which have no gap", ["mob   first"], [["1   Ann"], ["Total"]], false],
    ["with a gap in the header alone", ["mob   first"], [], false],
    ["with a gap in one of two columns", ["mob   first", "town"], [["1   Ann", "x"]], false],
    ["without a gap in the header", ["mob first"], [["1   Ann"]], false],
  ])("%s", (_, header, rows, isSaid) => {
    expect((faultOf(header, ...rows) ?? "").includes("columns of a fixed width")).toBe(isSaid);
  });

  test("are not repeated where the first may be somebody's", () => {
    expect(faultOf(["447700900123   Ann"], ["447700900124   Bob"])).toContain('such as "…"');
    expect(faultOf(["+447700900123,Ann"], ["+447700900124,Bob"])).toContain('such as "…"');
    expect(faultOf(["mob   first"], ["1   Ann"])).toContain('such as "mob   first"');
  });
});

test("of many names twelve are listed, and how many more there are", () => {
  const many = Array.from({ length: 15 }, (_, at) => `variable ${String.fromCharCode(97 + at)}`);
  expect(faultOf(many, many)).toContain('"variable l" and 3 more');
  expect(faultOf(many.slice(0, 12), many)).toContain('"variable l". Name it');
  expect(faultOf(["Ann", "1 2 3 4 5"], ["Bob", "x"])).toContain("The first line seems to be a row already");
});
