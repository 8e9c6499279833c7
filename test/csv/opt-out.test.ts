import { describe, expect, test } from "vitest";
import { createOptOutNotice } from "../../shared/csv/opt-out.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";
import type { ListWarning } from "../../shared/plan/head.ts";

/** The lines (from 2) in which a column with this name says that somebody does not want to be written to. */
const noticed = (name: string, cells: readonly string[], skipped = false): readonly number[] =>
  warned(name, cells, skipped).flatMap(({ lines = [] }) => lines);

function warned(name: string, cells: readonly string[], skipped = false): readonly ListWarning[] {
  const warnings = createWarnings();
  const first = cells.map((cell, at) => ({ line: at + 2, cells: ["+447700900001", cell] }));
  const columns = [
    { name: "phone", meaning: { kind: "cnumber" } },
    { name, meaning: { kind: "variable" } },
  ] as const;
  const skipWhere = skipped ? { column: name, is: ["1"] } : undefined;
  const notice = createOptOutNotice(columns, skipWhere, { skipped: skipped ? 1 : undefined, first }, warnings);
  for (const { cells, line } of first) notice?.(cells, line);
  return warnings.all();
}

describe("a column that says who does not want to be written to is noticed", () => {
  test.each([
    ["Opted out", ["yes", "no", "", "maybe", "2024-05-01", "0000-00-00", "null", "active"], [2, 5, 6]],
    ["Unsubscribed at", ["3 May 2024", "", "45000", "1900-01-00"], [2, 4]],
    ["dnc", ["x", "0"], [2]],
    ["STOP", ["x", "Main Street", "2024-05-01", "no"], [2, 4]],
    ["Deceased", ["2019", "Smith"], [2]],
    ["No consent", ["yes", "no"], [2]],
    ["SMS consent", ["yes", "no", "", "declined", "weekly"], [3, 4, 5]],
    ["SMS consent", ["", "", "yes", ""], [2, 5]],
    ["SMS consent", ["", ""], []],
    ["Consent timestamp", ["2024-05-01", ""], []],
    ["Consent source", ["never contact", "web"], [2]],
    ["Newsletter", ["yes", "no", "0"], [3, 4]],
    ["Newsletter", ["weekly", "no", "0", "unsubscribed", "blocked"], [3, 5, 6]],
    ["Status", ["active", "unsubscribed", "blocked", "Do not contact", "Opt-out: no", "letters only"], [3, 4, 5, 7]],
    ["Tags", ["vip;opted-out", "vip, stop", "bus stop", "unsub", "vip;unsubscribed: no"], [2, 3, 5]],
    [
      "Notes",
      ["Asked on 3 May: do not text", "Reply STOP to opt out", "no longer wants SMS", "see you", "Stop!"],
      [2, 4, 6],
    ],
    ["Notes", ["deceased", "zmarł x", "zmarł wczoraj", "möchte keine SMS", "a demandé la suppression"], [2, 4, 5, 6]],
    ["Notes", ["text STOP to 80080 and we do not text back", "Blocked", "vip;opted-out"], [4]],
    ["Notes", [`do not text ${"x".repeat(588)}`, `do not text ${"x".repeat(589)}`], [2]],
    ["Opt-out URL", ["https://example.com", "yes"], []],
    ["Stop text", ["Reply STOP to end"], []],
    ["Email opt out", ["yes"], []],
    ["Email/SMS opt out", ["yes"], [2]],
    ["City", ["Stopham", "Out", "Unsubscribe Lane"], []],
  ])("%s: %j in the lines %j", (name, cells, lines) => {
    expect(noticed(name, cells)).toEqual(lines);
  });

  test("where the options leave its rows out, only of what they do not leave out", () => {
    expect(noticed("Opted out", ["maybe", "yes", "2024-05-01"], true)).toEqual([3, 4]);
    expect(noticed("SMS consent", ["yes", "", "no"], true)).toEqual([4]);
  });

  test("empty cells before the first consent are counted, each of them, and the first is shown", () => {
    expect(warned("SMS consent", ["", "", "", "yes", "yes", "", "no"])).toMatchObject([{ count: 5, lines: [2, 7, 8] }]);
  });
});
