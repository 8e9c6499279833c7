import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readOptions } from "../../shared/csv/read-options.ts";
import { judgedCsv } from "./judged-csv.ts";

const examples = new URL("../../examples/", import.meta.url);

test("the example's rows come out as its page says", async () => {
  const read = readOptions(readFileSync(new URL("spring-sale.json", examples), "utf8"));
  if (read.kind === "refused") throw new Error(read.reason);
  const { rows, last } = await judgedCsv(readFileSync(new URL("spring-sale.csv", examples)), read.options);
  expect(last).toMatchObject({ kind: "end", totals: { rows: 1000, sendable: 987, invalid: 11, skipped: 2 } });

  const page = readFileSync(new URL("README.md", examples), "utf8");
  const named = (outcome: string) =>
    [...page.matchAll(/^\| ([\d, ]+) \|.*\| (\w+) \|$/gm)]
      .filter(([, , said]) => said === outcome)
      .flatMap(([, numbers = ""]) => numbers.split(", ").map(Number));
  const judged = (kind: string) => rows.filter(({ verdict }) => verdict.kind === kind).map(({ row }) => row);
  expect(judged("invalid")).toEqual(named("invalid"));
  expect(judged("skipped")).toEqual(named("skipped"));

  const abroad = rows.filter(({ verdict }) => verdict.kind === "send" && verdict.send.cnumber.startsWith("+999"));
  expect(abroad.map(({ row }) => row)).toEqual(named("failed"));
});

test("the example calls nobody: its numbers are Ofcom's for drama, or of no country", async () => {
  const text = readFileSync(new URL("spring-sale.csv", examples), "utf8");
  const { rows } = await judgedCsv(text, { message: "x", snumber: "01632960000" });
  for (const { verdict } of rows) {
    if (verdict.kind === "send") {
      expect(verdict.send.cnumber.replaceAll(" ", "")).toMatch(/^(\+447700900\d{3}|07700900\d{3}|\+999\d+)$/);
    }
  }
});
