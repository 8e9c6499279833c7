import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bounds, workbookBounds } from "../../shared/bounds.ts";
import { mistakes } from "../simulation/mistakes.ts";

test("the guarantees say how many mistakes were planted into the simulation", () => {
  expect(readFileSync("docs/guarantees.md", "utf8")).toContain(`The ${mistakes.length} planted mistakes`);
});

test("the guarantees have every bound, with its size", () => {
  const text = readFileSync("docs/guarantees.md", "utf8");
  const table = text.slice(text.indexOf("## How large things may be"), text.indexOf("## `unknown`, and what to do"));
  const grouped = (count: number) => count.toLocaleString("en");
  const size = (bytes: number) =>
    bytes >= 1024 ** 3
      ? `${bytes / 1024 ** 3} GiB`
      : bytes >= 1024 ** 2
        ? `${bytes / 1024 ** 2} MiB`
        : `${bytes / 1024} KiB`;
  const parts = bounds.text / bounds.segments;
  const stated = {
    rows: `| rows of a list | ${grouped(bounds.rows)} |`,
    recordBytes: `| a record of a list, a row of a sheet | ${size(bounds.recordBytes)} |`,
    columns: `| columns | ${grouped(bounds.columns)} in a CSV,`,
    columnName: `names of up to ${grouped(bounds.columnName)} characters |`,
    optionsBytes: `| options | ${size(bounds.optionsBytes)} |`,
    exceptDates: `| dates that a window excepts | ${bounds.exceptDates} |`,
    segments: `| \`maxSegments\` | ${bounds.segments} SMS |`,
    text: `\`maxSegments\` × 4 × ${parts} characters, never more than ${grouped(bounds.text)} |`,
    placeholders: `| placeholders in a text | ${bounds.placeholders} |`,
    snumber: `| ${bounds.snumber} characters,`,
    customer: ` ${bounds.customer} digits,`,
    fileName: ` ${bounds.fileName} characters |`,
    inlineFiles: `| files in a row's cells (as base64), attachments of a row | ${size(bounds.inlineFiles)},`,
    attachmentBytes: `${size(bounds.inlineFiles)}, ${size(bounds.attachmentBytes)} |`,
    rowBytes: `| all parameters of a row | ${size(bounds.rowBytes)} |`,
    suppressed: `| numbers on all suppression lists | ${grouped(bounds.suppressed)} |`,
    optOutLines: `| the list of who opted out | ${grouped(bounds.optOutLines)} lines,`,
    optOutBytes: ` lines, ${size(bounds.optOutBytes)} |`,
    judgingMs: `| time to judge a list | ${bounds.judgingMs / 60_000} minutes |`,
    detail: `| what is said about a row | ${bounds.detail} characters |`,
  } satisfies Record<keyof typeof bounds, string>;
  const ofWorkbooks = {
    columns: `| a workbook | ${grouped(workbookBounds.columns)} columns,`,
    merges: ` ${grouped(workbookBounds.merges)} merged stretches of several rows,`,
    parts: ` ${grouped(workbookBounds.parts)} parts,`,
    sheetsSearched: ` the list among its first ${grouped(workbookBounds.sheetsSearched)} sheets,`,
    texts: ` ${grouped(workbookBounds.texts)} texts,`,
    marks: ` ${grouped(workbookBounds.marks)} tags;`,
    sheetBytes: ` a sheet of ${size(workbookBounds.sheetBytes)},`,
    textBytes: ` texts of ${size(workbookBounds.textBytes)},`,
    formatCharacters: ` number formats of ${grouped(workbookBounds.formatCharacters)} characters;`,
    shownCharacters: ` ${size(workbookBounds.shownCharacters)} that its rows show;`,
    unpackedBytes: ` ${size(workbookBounds.unpackedBytes)} in all |`,
  } satisfies Record<keyof typeof workbookBounds, string>;
  for (const phrase of [...Object.values(stated), ...Object.values(ofWorkbooks)]) expect(table).toContain(phrase);
});
