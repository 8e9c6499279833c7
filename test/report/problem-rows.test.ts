import { expect, test } from "vitest";
import type { RowStatus } from "../../shared/campaign/campaign.ts";
import { createProblemRows } from "../../shared/report/problem-rows.ts";
import type { RowResult } from "../../shared/report/row-result.ts";

/** How many rows of each status are listed, in the order of the list, of which so many there are. */
function listed(counts: readonly (readonly [status: RowStatus, rows: number])[]): readonly string[] {
  const problems = createProblemRows({ header: ["phone"], numberColumn: 0 });
  let row = 0;
  for (const [status, rows] of counts) {
    for (let index = 0; index < rows; index += 1) {
      row += 1;
      const result: RowResult = { status, detail: "", reason: "", attempts: 0 };
      problems.add(row, { cells: [String(row)], segments: 1 }, result);
    }
  }
  const all = problems.all();
  for (const status of new Set(all.map((one) => one.status))) {
    const rows = all.filter((one) => one.status === status).map((one) => one.row);
    expect(rows).toEqual(rows.toSorted((one, other) => one - other));
  }
  return [...Map.groupBy(all, ({ status }) => status)].map(([status, { length }]) => `${length} ${status}`);
}

test("the most urgent rows come first", () => {
  const few: readonly (readonly [RowStatus, number])[] = [
    ["skipped", 1],
    ["cancelled", 2],
    ["invalid", 3],
    ["failed", 4],
    ["unknown", 5],
  ];
  expect(listed(few)).toEqual(["5 unknown", "4 failed", "3 invalid", "2 cancelled", "1 skipped"]);
});

test("of thousands some of every status are listed, and 500 in all", () => {
  const many = (rows: number) =>
    (["skipped", "cancelled", "invalid", "failed", "unknown"] as const).map((status) => [status, rows] as const);
  expect(listed(many(1000))).toEqual(["300 unknown", "50 failed", "50 invalid", "50 cancelled", "50 skipped"]);
  expect(listed(many(100))).toEqual(["100 unknown", "100 failed", "100 invalid", "100 cancelled", "100 skipped"]);
  expect(listed([["skipped", 1000]])).toEqual(["500 skipped"]);
  expect(
    listed([
      ["unknown", 20],
      ["skipped", 1000],
      ["failed", 450],
    ]),
  ).toEqual(["20 unknown", "430 failed", "50 skipped"]);
});

test("a row is shown by its own number as it was written, else by the one that was handed on", () => {
  const shown = (header: readonly string[], numberColumn?: number) => {
    const problems = createProblemRows({ header: [...header], numberColumn });
    const result: RowResult = { status: "failed", detail: "", reason: "", attempts: 1 };
    problems.add(1, { cells: ["Ann", "07700 900001"], segments: 1, number: "+447700900001" }, result);
    return [problems.columns, problems.all()[0]?.cells];
  };
  expect(shown(["name", "Handy"], 1)).toEqual([
    ["Handy", "name"],
    ["07700 900001", "Ann"],
  ]);
  expect(shown(["name", "phone"])).toEqual([
    ["phone", "name"],
    ["07700 900001", "Ann"],
  ]);
  expect(shown(["name", "Handy"])).toEqual([
    ["Number", "name", "Handy"],
    ["+447700900001", "Ann", "07700 900001"],
  ]);
});

test("a row has its place, its code and key, its detail, and the first three columns beside the number", () => {
  const header = ["a", "phone", "b", "", "c".repeat(100), "d"];
  const problems = createProblemRows({ header, numberColumn: 1 });
  const result: RowResult = {
    status: "failed",
    code: 400,
    key: "cnumber",
    detail: "x".repeat(500),
    reason: "",
    attempts: 1,
  };
  problems.add(4, { line: 6, cells: ["1", "2", "y".repeat(100)], segments: 1 }, result);
  expect(problems.columns).toEqual(["phone", "a", "b", ""]);
  const [{ detail = "", cells = [], ...rest } = {}] = problems.all();
  expect(rest).toEqual({ row: 4, line: 6, status: "failed", code: 400, key: "cnumber" });
  expect(detail).toHaveLength(400);
  expect(cells.map((cell) => cell.length)).toEqual([1, 1, 80, 0]);
});

test("the first rows are those that are listed, and rows that were accepted are not", () => {
  const problems = createProblemRows({ header: ["phone"], numberColumn: 0 });
  const add = (row: number, status: RowStatus) =>
    problems.add(row, { cells: [String(row)], segments: 1 }, { status, detail: "", reason: "", attempts: 1 });
  add(1, "submitted");
  for (let row = 2; row <= 600; row += 1) add(row, "failed");
  expect(problems.all().map(({ row }) => row)).toEqual(Array.from({ length: 500 }, (_, index) => index + 2));
});
