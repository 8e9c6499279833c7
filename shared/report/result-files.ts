import type { RowStatus } from "../campaign/campaign.ts";
import { byteOrderMark, csvLine, quoteFor } from "../csv/csv-text.ts";
import type { RowLine } from "../plan/plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { notSentSheetName, reportFileNames, reportKey } from "../ports/bucket-layout.ts";
import { createTextObject } from "../ports/text-object.ts";
import type { Workbooks } from "./figures.ts";
import { reportCells, reportLine, workbookCells } from "./report-line.ts";
import type { RowResult } from "./row-result.ts";
import type { Sheet } from "./sheet-writer.ts";
import { createWorkbookObject } from "./workbook-object.ts";

/** The files with a report's rows while they are being written. */
export type ResultFiles = ReturnType<typeof openResultFiles>;

/** What the files of a report are called and look like. */
interface ResultFilesInput {
  /** The campaign's name. */
  readonly name: string;
  /** Header and delimiter of the uploaded file. */
  readonly header: readonly string[];
  readonly delimiter: string;
}

/**
 * Begins to store `report`, `not-sent` and `unknown` of a campaign, each as CSV and as a workbook, each beginning with
 * its header.
 */
export function openResultFiles(bucket: Bucket, { name, header, delimiter }: ResultFilesInput) {
  const cells = reportCells(header, delimiter);
  const formatted = reportLine(delimiter);
  const quote = quoteFor(delimiter);
  const csv = (file: string) => createTextObject(bucket, reportKey(name, file), "text/csv; charset=utf-8");
  const workbook = (file: string, sheetName: string, sheet: Sheet) =>
    createWorkbookObject(bucket, reportKey(name, file), sheetName, sheet);
  const texts = {
    report: csv(reportFileNames.report),
    notSent: csv(reportFileNames.notSent),
    unknown: csv(reportFileNames.unknown),
  };
  const sheets = {
    report: workbook(reportFileNames.reportSheet, "Report", cells.sheet),
    notSent: workbook(reportFileNames.notSentSheet, notSentSheetName, { header }),
    unknown: workbook(reportFileNames.unknownSheet, "Unknown", { header }),
  };
  const all = [...Object.values(texts), ...Object.values(sheets)];

  const originalHeader = byteOrderMark + csvLine(header, quote, delimiter);
  texts.report.add(byteOrderMark + formatted(cells.sheet.header));
  texts.notSent.add(originalHeader);
  texts.unknown.add(originalHeader);

  return {
    /** One promise per file: resolves when the whole file is stored, rejects when it cannot be. */
    stored: all.map((file) => file.stored),

    /** Writes one row to the report. A promise is returned only when the writer should wait; it rejects when storing failed. */
    addResult(row: RowLine, result: RowResult): Promise<void> | undefined {
      const line = cells.row(row, result);
      return both(texts.report.add(formatted(line)), sheets.report.add(workbookCells(line)));
    },

    /** Writes the row's original cells to the files for rows of this status, if there are any. Waits as `addResult` does. */
    addOriginal(original: readonly string[], status: RowStatus): Promise<void> | undefined {
      const file = fileFor(status);
      if (file === undefined) return undefined;
      return both(texts[file].add(csvLine(original, quote, delimiter)), sheets[file].add(original));
    },

    /** Hands over what is left; nothing more comes. Returns which workbooks there are. */
    async end(): Promise<Workbooks> {
      await Promise.all(all.map((file) => file.end()));
      return {
        report: sheets.report.leftOut(),
        notSent: sheets.notSent.leftOut(),
        unknown: sheets.unknown.leftOut(),
      };
    },

    /** Gives up: no file is stored, unless all of it is already. */
    fail(error: unknown): void {
      for (const file of all) file.fail(error);
    },
  };
}

/** Waits for both, where there is something to wait for. */
function both(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Promise.all([one, other]).then(() => {});
}

/** Which files get the original cells of such a row, so that they can be corrected and uploaded again. */
function fileFor(status: RowStatus): "notSent" | "unknown" | undefined {
  switch (status) {
    case "failed":
    case "invalid":
    case "cancelled":
      return "notSent";
    case "unknown":
      return "unknown";
    case "submitted":
    case "skipped":
      return undefined;
    default:
      return status satisfies never;
  }
}
