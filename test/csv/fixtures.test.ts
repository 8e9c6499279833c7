import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Options } from "../../shared/campaign/options.ts";
import { describeRow, describeWarning, judgedCsv } from "./judged-csv.ts";

const folder = new URL("../fixtures/csv/", import.meta.url);

/** What stands beside a CSV: the options it is judged by, and what must come of it. */
const Expectation = z.strictObject({
  options: Options,
  dialect: z
    .strictObject({
      encoding: z.string(),
      guessed: z.boolean(),
      samples: z.array(z.string()),
      delimiter: z.string(),
      lineEnding: z.string().optional(),
    })
    .optional(),
  rows: z.array(z.string()).optional(),
  refused: z.string().optional(),
  /** As `code (count) lines: text`, see `describeWarning`. */
  warnings: z.array(z.string()).optional(),
  unicode: z.unknown().optional(),
});

const sizes: Readonly<Record<string, number>> = {
  "attachments/offer.pdf": 1000,
  "attachments/huge.pdf": 1024 * 1024 + 1,
  "attachments/half.jpg": 600_000,
  "attachments/a.pdf": 10,
  "attachments/b.pdf": 10,
};
const attachmentSize = async (key: string) => sizes[key];

const cases = readdirSync(folder)
  .filter((file) => file.endsWith(".csv"))
  .map((file) => file.slice(0, -".csv".length));

test("there are fixtures for every kind of file people have", () => {
  expect(cases.length).toBeGreaterThanOrEqual(100);
});

describe.each(cases)("%s", (name) => {
  const content = readFileSync(new URL(`${name}.csv`, folder));
  const expected = Expectation.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")));

  test("every row comes out as the file beside it says", async () => {
    const { rows, last } = await judgedCsv(content, expected.options, { attachmentSize });
    if (expected.refused !== undefined) {
      expect(last).toMatchObject({ kind: "refused", reason: expected.refused });
      return;
    }
    expect(rows.map(describeRow)).toEqual(expected.rows);
    if (last.kind !== "end") throw new Error(last.reason);
    expect(last.dialect).toEqual(expected.dialect);
    expect(last.warnings.map(describeWarning)).toEqual(expected.warnings ?? []);
    expect(last.totals).toMatchObject({
      rows: rows.length,
      sendable: rows.filter(({ verdict }) => verdict.kind === "send").length,
      invalid: rows.filter(({ verdict }) => verdict.kind === "invalid").length,
      skipped: rows.filter(({ verdict }) => verdict.kind === "skipped").length,
      unicode: expected.unicode ?? { rows: 0, causes: [] },
    });
  });

  test("it makes no difference where the bytes are cut", async () => {
    const whole = await judgedCsv(content, expected.options, { attachmentSize });
    for (const chunk of content.length < 2000 ? [1, 2, 3, 7] : [1021]) {
      const cut = await judgedCsv(content, expected.options, { attachmentSize, chunk });
      expect(cut.rows).toEqual(whole.rows);
      expect(cut.last).toEqual(whole.last);
    }
  });
});
