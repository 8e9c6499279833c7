import { expect, test } from "vitest";
import { createEncodingSamples } from "../../shared/csv/encoding-samples.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";

test("of a guessed encoding the first three cells with more than ASCII are shown, and each line that has one is warned of", () => {
  const warnings = createWarnings();
  const samples = createEncodingSamples(warnings);
  expect(samples.all()).toEqual([]);
  samples.add([
    { line: 2, cells: ["Ann", "plain"] },
    { line: 3, cells: ["Zoë", "plain", "café"] },
  ]);
  samples.add([
    { line: 4, cells: ["naïve", "é", "ü"] },
    { line: 5, cells: ["ö"] },
  ]);
  expect(samples.all()).toEqual(["Zoë", "café", "naïve"]);
  expect(warnings.all()).toMatchObject([
    { code: "encoding-guessed", count: 3, lines: [3, 4, 5], examples: ["Zoë", "naïve"] },
  ]);
});
