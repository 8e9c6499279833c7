import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapped } from "../../cli/wrap.ts";

test("a sentence is broken between words, never within one, and keeps its indent", () => {
  expect(wrapped("  1 invalid: The number has letters in it (line 102)", 30)).toEqual([
    "  1 invalid: The number has",
    "  letters in it (line 102)",
  ]);
  expect(wrapped("short", 80)).toEqual(["short"]);
});

test("a command to copy is never broken, and begins its own line where it does not fit", () => {
  const command = "npx bulk-send resume spring --data .bulk-send-simulator-elsewhere";
  expect(wrapped(`Paused by Bert. ${command}`, 60)).toEqual(["Paused by Bert.", command]);
  expect(wrapped("Nothing is running here, as far as I can see; npx bulk-send serve", 40)).toEqual([
    "Nothing is running here, as far as I can",
    "see; npx bulk-send serve",
  ]);
  const upload = "AWS_ACCESS_KEY_ID=a AWS_REGION=b aws s3 cp list.csv s3://bucket/campaigns/list.csv";
  expect(wrapped(upload, 40)).toEqual([upload]);
});

test("JSON and tables stay as they are", () => {
  const table = "spring-sale  complete, simulated  1,000       985       2        0  2026-11-26 05:49  root";
  for (const line of [table, `{"name": "${"x ".repeat(60)}"}`]) expect(wrapped(line, 40)).toEqual([line]);
});

test("no word is lost, and no line is too long that could be shorter", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/u);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 24, max: 100 }),
      (words, columns) => {
        const lines = wrapped(words.join(" "), columns);
        expect(lines.join(" ").split(" ")).toEqual(words);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
