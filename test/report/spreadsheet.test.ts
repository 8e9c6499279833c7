import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { writeReport } from "../../shared/report/write-report.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { installed, runProgram } from "../support/run-program.ts";
import { accepted, campaign, head, sendable, stream } from "./factories.ts";
import { readWorkbook } from "./read-workbook.ts";

const found = await installed("soffice");

const title = "LibreOffice reads every cell of report.csv, and calculates none, with its columns taken as text";

it.skipIf(!found)(found ? title : `${title} (skipped: there is no soffice here)`, { timeout: 120_000 }, async () => {
  const header = ["cnumber", "name", "note"];
  const rows = [
    ["+447700900123", "Zoë 日本 😀", 'two\r\nlines, and "quotes"'],
    ["07700900123", "'=1+1", "a;b\tc|d"],
    ["0015", "", "1e5"],
  ];
  const bucket = createMemoryBucket();
  await writeReport(
    { bucket },
    {
      campaign: campaign(),
      head: head(header),
      rows: stream(rows.map((cells) => sendable(...cells.map((cell) => cell.replace(/^'/, ""))))),
      outcomes: stream([accepted(1), accepted(2), accepted(3)]),
      completedAt: nineOClock,
    },
  );
  const report = bucket.text("reports/spring/report.csv") ?? "";
  await using folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-spreadsheet-"));
  await writeFile(join(folder.path, "report.csv"), report);
  // Comma, double quote, UTF-8, from line 1; every column is text (2).
  const asText = Array.from({ length: 10 }, (_, at) => `${at + 1}/2`).join("/");
  const csv = "Text - txt - csv (StarCalc):44,34,76,1";
  await runProgram("soffice", [
    "--headless",
    `-env:UserInstallation=${pathToFileURL(join(folder.path, "profile")).href}`,
    `--infilter=${csv},${asText}`,
    "--convert-to",
    `csv:${csv},,0,false,true`,
    "--outdir",
    join(folder.path, "read"),
    join(folder.path, "report.csv"),
  ]);
  const cells = (source: string): string[][] => parse(source.replaceAll("\r\n", "\n"), { bom: true });
  const read = cells(await readFile(join(folder.path, "read", "report.csv"), "utf8"));
  expect(read).toEqual(cells(report));
  expect(read.slice(1).map((row) => row.slice(0, 2))).toEqual(rows.map((row) => row.slice(0, 2)));
});

const workbookTitle = "LibreOffice reads every cell of report.xlsx as it is, and saving it changes nothing";

it.skipIf(!found)(
  found ? workbookTitle : `${workbookTitle} (skipped: there is no soffice here)`,
  { timeout: 120_000 },
  async () => {
    const texts = [
      ["+447700900123", "07700900123", "0015"],
      ["1e5", "=1+1", "1-2"],
      ["2024-01-02", "12:30", "TRUE"],
      ["1,234.50", "-5", "50 %"],
      [" blanks  kept ", "tab\there", "two\nlines"],
      ["Zoë 日本 😀👩‍👩‍👧", "مرحبا يا آنا \u200f0123", "<b>&amp;"],
      ["_x000D_", "#N/A", '"quotes", and; more'],
      ["@SUM(A1)", "'apostrophe", "123456789012345678901234"],
    ];
    const bucket = createMemoryBucket();
    await writeReport(
      { bucket },
      {
        campaign: campaign({ rows: texts.length }),
        head: head(["cnumber", "name", "note"]),
        rows: stream(texts.map((cells) => ({ ...sendable(...cells), number: "+447700900123" }))),
        outcomes: stream(texts.map((_, index) => accepted(index + 1))),
        completedAt: nineOClock,
      },
    );
    const object = await bucket.get("reports/spring/report.xlsx");
    const bytes = Buffer.concat(object === undefined ? [] : await Array.fromAsync(object.body));
    const expected = readWorkbook(bytes);
    expect(expected.slice(1).map((row) => row.slice(0, 3))).toEqual(texts);

    await using folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-spreadsheet-"));
    const convert = async (file: string, to: string, directory: string) =>
      runProgram("soffice", [
        "--headless",
        `-env:UserInstallation=${pathToFileURL(join(folder.path, "profile")).href}`,
        "--convert-to",
        to,
        "--outdir",
        join(folder.path, directory),
        join(folder.path, file),
      ]);
    const toCsv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true";
    const cells = async (file: string): Promise<string[][]> =>
      parse((await readFile(join(folder.path, file), "utf8")).replaceAll("\r\n", "\n"), { bom: true });

    await writeFile(join(folder.path, "report.xlsx"), bytes);
    await convert("report.xlsx", toCsv, "read");
    expect(await cells("read/report.csv")).toEqual(expected);
    await convert("report.xlsx", "xlsx", "saved");
    await convert("saved/report.xlsx", toCsv, "read-again");
    expect(await cells("read-again/report.csv")).toEqual(expected);
  },
);
