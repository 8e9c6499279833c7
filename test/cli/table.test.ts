import { expect, test } from "vitest";
import { tableLines } from "../../cli/table.ts";

const header = ["campaign", "state", "rows", "failed", "by"];
const rows = [
  ["spring-sale", "complete", "1,000", "2", "root"],
  ["autumn", "refused", "", "", "ann"],
];

test("a table is aligned, numbers to the right", () => {
  expect(tableLines({ header, rows, right: [2, 3] }, 80)).toEqual([
    "campaign     state      rows  failed  by",
    "spring-sale  complete  1,000       2  root",
    "autumn       refused                  ann",
  ]);
});

test("where there is no room for it, each row is told in lines of its own, without what is empty", () => {
  expect(tableLines({ header, rows, right: [2, 3] }, 41)).toEqual([
    "spring-sale",
    "  state complete  rows 1,000  failed 2",
    "  by root",
    "autumn",
    "  state refused  by ann",
  ]);
  expect(tableLines({ header, rows, right: [2, 3] }, 42)).toHaveLength(3);
});
