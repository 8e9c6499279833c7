import { describe, expect, test } from "vitest";
import { codeDoubt } from "../../shared/csv/calling-code-by-cells.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import { invalid } from "../../shared/csv/problem.ts";
import { readsAs } from "./number-evidence.ts";

/** What a column of codes is beside numbers that read so: each row's code, and its number's kind. */
const doubtOf = (
  kinds: string,
  { named = false, home = "GB", code = "39" }: { named?: boolean; home?: string; code?: string } = {},
) =>
  codeDoubt(0, named, {
    first: createFirstCells(kinds.split(" ").map((kind, at) => ({ line: at + 2, cells: [code, kind] }))),
    number: 1,
    readNumber: readsAs,
    home: home === "" ? undefined : home,
  });

describe("a column of digits that could be dialling codes", () => {
  test.each([
    ["none", "none"],
    ["own", "none"],
    ["own other other", "none"],
    ["own other other other", "part"],
    ["own same same same", "watch"],
    ["own same same", "none"],
    ["own both both both", "part"],
    ["same", "watch"],
    ["other", "part"],
    ["both", "watch"],
    ["both both", "part"],
    ["both same same", "watch"],
  ])("beside the numbers %s is %s", (kinds, doubt) => {
    expect(doubtOf(kinds)).toBe(doubt);
  });

  test("needs less to be asked about where its name may mean a code", () => {
    expect(doubtOf("both", { named: true })).toBe("part");
    expect(doubtOf("same", { named: true })).toBe("watch");
    expect(doubtOf("own", { named: true })).toBe("none");
  });

  test("is judged by international numbers alone where the list has no country", () => {
    expect(doubtOf("both", { home: "" })).toBe("part");
    expect(doubtOf("+both", { home: "" })).toBe("watch");
    expect(doubtOf("own", { home: "" })).toBe("none");
  });

  test("says nothing in rows where it is empty", () => {
    expect(doubtOf("other other", { code: " " })).toBe("none");
    expect(doubtOf("other").length).toBeGreaterThan(0);
    expect(readsAs("none")).toEqual(invalid("none"));
  });
});
