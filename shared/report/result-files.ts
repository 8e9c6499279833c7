import type { RowStatus } from "../campaign/campaign.ts";
import { byteOrderMark, csvLine, quoteFor } from "../csv/csv-text.ts";
import type { RowLine } from "../plan/plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { reportKey } from "../ports/bucket-layout.ts";
import { createTextObject } from "../ports/text-object.ts";
import { reportWriter } from "./report-line.ts";
import type { RowResult } from "./row-result.ts";

/** The CSV files of a report while they are being written. */
export type ResultFiles = ReturnType<typeof openResultFiles>;

/**
 * Begins to store `report.csv`, `not-sent.csv` and `unknown.csv` of the campaign `name`, each beginning with its header.
 * `header` and `delimiter` are those of the uploaded file.
 */
export function openResultFiles(bucket: Bucket, name: string, header: readonly string[], delimiter: string) {
  const open = (file: string) => createTextObject(bucket, reportKey(name, file), "text/csv; charset=utf-8");
  const files = { report: open("report.csv"), notSent: open("not-sent.csv"), unknown: open("unknown.csv") };
  const all = Object.values(files);
  const writer = reportWriter(header, delimiter);
  const quote = quoteFor(delimiter);
  const originalHeader = byteOrderMark + csvLine(header, quote, delimiter);
  files.report.add(byteOrderMark + writer.header());
  files.notSent.add(originalHeader);
  files.unknown.add(originalHeader);

  return {
    /** One promise per file: resolves when the whole file is stored, rejects when it cannot be. */
    stored: all.map((file) => file.stored),

    /** Writes one row to `report.csv`. A promise is returned only when the writer should wait; it rejects when storing failed. */
    addResult: (row: RowLine, result: RowResult): Promise<void> | undefined =>
      files.report.add(writer.line(row, result)),

    /** Writes the row's original cells to the file for rows of this status, if there is one. Waits as `addResult` does. */
    addOriginal(cells: readonly string[], status: RowStatus): Promise<void> | undefined {
      const file = fileFor(status);
      return file && files[file].add(csvLine(cells, quote, delimiter));
    },

    /** Hands over what is left; nothing more comes. */
    async end(): Promise<void> {
      await Promise.all(all.map((file) => file.end()));
    },

    /** Gives up: no file is stored, unless all of it is already. */
    fail(error: unknown): void {
      for (const file of all) file.fail(error);
    },
  };
}

/** Which file gets the original cells of such a row, so that they can be corrected and uploaded again. */
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
