import { expect, test } from "vitest";
import { findAmong } from "../../shared/csv/find-column.ts";

test("a column is found by its name however that is written, unless several have it, or it has none", () => {
  const find = findAmong(["phone", "name", "name", "", "city", "code", "x", "code"]);
  expect(["Phone", "na-me", "City", "c_o_d_e", "", " ", "zip"].map(find)).toEqual([
    0,
    "several",
    4,
    "several",
    undefined,
    undefined,
    undefined,
  ]);
});
