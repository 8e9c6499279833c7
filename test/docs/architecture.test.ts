import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ratesTable } from "./rates-table.ts";

test("the table of the rate arithmetic is what infra/rates.ts computes", () => {
  const document = readFileSync("docs/architecture.md", "utf8");
  const table = /<!-- rates -->\n(.*?)<!-- \/rates -->/su.exec(document)?.[1];
  expect(table).toBe(ratesTable());
});
