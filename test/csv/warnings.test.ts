import { expect, test } from "vitest";
import { createWarnings } from "../../shared/csv/warnings.ts";

test("cases of a kind are one warning, with their number, ten of their lines and three different examples", () => {
  const warnings = createWarnings();
  warnings.add("whole", "About the list.");
  for (let line = 2; line < 14; line++)
    warnings.add("kind", `Case ${line}.`, { line, example: `e${Math.floor(line / 3)}` });
  warnings.add("kind", "No line.", {});
  warnings.add("late", () => "Said at the end.", { line: 5 });
  expect(warnings.all()).toEqual([
    { code: "whole", text: "About the list.", count: undefined, lines: undefined, examples: undefined },
    { code: "kind", text: "Case 2.", count: 13, lines: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], examples: ["e0", "e1", "e2"] },
    { code: "late", text: "Said at the end.", count: 1, lines: [5], examples: undefined },
  ]);
});

test("each thing that a kind is about has a warning of its own, of which a hundred are kept", () => {
  const warnings = createWarnings();
  for (let about = 0; about < 120; about++) warnings.add("column", `Column ${about}.`, { about, line: 2 });
  warnings.add("column", "Again.", { about: 99, line: 3 });
  const all = warnings.all();
  expect(all).toHaveLength(100);
  expect(all.at(-1)).toMatchObject({ code: "column", text: "Column 99.", count: 2, lines: [2, 3] });
});
