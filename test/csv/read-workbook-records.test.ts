import { expect, test } from "vitest";
import { type Judged, judgeCsv } from "../../shared/csv/judge-csv.ts";
import { inMemory, row, type WrittenSheet, workbook } from "../support/workbook.ts";

const settings = { options: { message: "Hi", snumber: "1" }, defaults: {} };

async function refusal(events: AsyncIterable<Judged>) {
  const last = (await Array.fromAsync(events)).at(-1);
  if (last?.kind !== "refused") throw new Error(`The list was not refused: ${JSON.stringify(last)}`);
  return last;
}

const ofWorkbook = (rows: string, more: Partial<WrittenSheet> = {}) =>
  refusal(judgeCsv(inMemory(workbook([{ name: "List", rows, ...more }])), settings));

const ofCsv = (text: string) =>
  refusal(
    judgeCsv(
      (async function* () {
        yield Buffer.from(text);
      })(),
      settings,
    ),
  );

const names = ["First name", "Town", "Phone"];
const ann = ["Ann", "Hull", "447700900001"];

test.each([
  {
    title: "one cell",
    rows: row(1, ["Spring campaign"]) + row(3, names) + row(4, ann),
    csv: `Spring campaign\n\n${names}\n${ann}\n`,
    line: 3,
  },
  {
    title: "one cell below blank rows",
    rows: row(1, [" "]) + row(3, ["Spring campaign"]) + row(4, names) + row(5, ann),
    csv: `\n\nSpring campaign\n${names}\n${ann}\n`,
    line: 4,
  },
  {
    title: "two cells",
    rows: row(1, ["Spring campaign", "2026"]) + row(2, names) + row(3, ann),
    csv: `Spring campaign,2026\n${names}\n${ann}\n`,
    line: 2,
  },
  {
    title: "cells merged over three columns and two rows",
    rows: row(1, ["Spring campaign"]) + row(2, []) + row(3, names) + row(4, ann),
    after: '<mergeCells><mergeCell ref="A1:C2"/></mergeCells>',
    csv: `Spring campaign,,\nSpring campaign,,\n${names}\n${ann}\n`,
    line: 3,
  },
  {
    title: "two lines, of which the second is longer",
    rows: row(1, ["Spring campaign"]) + row(2, ["by", "Mary"]) + row(3, names) + row(4, ann),
    csv: `Spring campaign\nby,Mary\n${names}\n${ann}\n`,
    line: 3,
  },
])("a workbook with a title of $title above its header is told what its CSV is told", async (written) => {
  const { rows, after, csv, line } = written;
  const read = await ofWorkbook(rows, after === undefined ? {} : { after });
  expect(read.reason).toBe(
    `The column names seem to be in line ${line} ("First name", "Town", "Phone"), not in the first line. Remove the lines above them.`,
  );
  expect(read.reason).toBe((await ofCsv(csv)).reason);
  // Cells beyond the title are the list: nobody is told to name their columns in the first line.
  expect(read.warnings?.map(({ code }) => code) ?? []).not.toContain("nameless-cells");
});
