import { expect, test } from "vitest";
import { doubtLines } from "../../cli/check-lines.ts";
import { placesInWords, reasonLines } from "../../cli/summary-lines.ts";
import type { ListWarning } from "../../shared/plan/head.ts";
import { judgedCsv } from "../csv/judged-csv.ts";

const options = { message: "Hi {{name}}", snumber: "1" };

async function endOf(content: Uint8Array | string, warnings: readonly ListWarning[] = []) {
  const { last } = await judgedCsv(Buffer.from(content), options);
  if (last.kind !== "end") throw new Error(last.reason);
  return { ...last, warnings };
}

const plain = "phone,name\n+447700900001,Ann\n";

test("a warning is shown with how often, where and what", async () => {
  const warnings = [
    { code: "opt-out", text: "The column says no.", count: 12, lines: [3, 5, 9, 11, 12, 14], examples: ["yes", "1"] },
    { code: "whole", text: "Row 3 is hidden." },
  ];
  expect(doubtLines(await endOf(plain, warnings))).toEqual([
    "Warning: The column says no. (12 times, lines 3, 5, 9, 11, 12 …) e.g. yes; 1",
    "Warning: Row 3 is hidden.",
  ]);
});

test("a guessed encoding is a doubt, once", async () => {
  const latin = Buffer.from("phone,name\n+447700900001,Zo\xeb\n", "latin1");
  const [guess, ...more] = doubtLines(await endOf(latin));
  expect(guess).toMatch(/^Read as windows-1252 with "," between cells \(a guess; .*"Zoë"/);
  expect(more).toEqual([]);
  const warned = await endOf(latin, [{ code: "encoding-guessed", text: "Guessed." }]);
  expect(doubtLines(warned)).toEqual(["Warning: Guessed."]);
  expect(doubtLines(await endOf(plain))).toEqual([]);
});

test("places are lines, or rows in a summary of an older version", () => {
  expect(placesInWords({ lines: [125], rows: [123] }, 1)).toBe("line 125");
  expect(placesInWords({ lines: [124, 756], rows: [1, 2] }, 7)).toBe("lines 124, 756 …");
  expect(placesInWords({ rows: [123] }, 1)).toBe("row 123");
  expect(placesInWords({ rows: [] }, 1)).toBe("");
  const problem = { status: "invalid" as const, reason: "No number", count: 2 };
  expect(reasonLines({ problems: [{ ...problem, rows: [1, 2], lines: [4, 6] }] }, "")).toEqual([
    "  2 invalid: No number (lines 4, 6)",
  ]);
});
