import type { RowStatus } from "../campaign/campaign.ts";
import { counted, grouped } from "../in-words.ts";
import { reportFileNames } from "../ports/bucket-layout.ts";
import type { Workbooks } from "./figures.ts";
import { sheetRows } from "./sheet-rows.ts";
import type { LeftOut } from "./workbook-object.ts";

const summaryFile = { name: reportFileNames.summary, holds: "The figures of this page, for programs." };

/** The files of a check or a refusal, besides the page itself. */
export const summaryOnly = [summaryFile] as const;

/** The files of a campaign that is not over, and what each holds. */
export const liveFiles = [
  summaryFile,
  { name: reportFileNames.page, holds: "This page; the report takes its place when the campaign is over." },
] as const;

/** The files of a finished report, and what each holds: those that a spreadsheet opens first. */
export function finalFiles(counts: Readonly<Record<RowStatus, number>>, workbooks: Workbooks) {
  const notSent = counted(counts.failed + counts.invalid + counts.cancelled, "row");
  return [
    ...bothFiles(
      reportFileNames.reportSheet,
      reportFileNames.report,
      "Every row in its original order, with what happened to it.",
      workbooks.report,
    ),
    ...bothFiles(
      reportFileNames.notSentSheet,
      reportFileNames.notSent,
      `The original cells of ${notSent} that were not sent.`,
      workbooks.notSent,
    ),
    ...bothFiles(
      reportFileNames.unknownSheet,
      reportFileNames.unknown,
      `The original cells of ${counted(counts.unknown, "row")} in doubt.`,
      workbooks.unknown,
    ),
    summaryFile,
    { name: reportFileNames.page, holds: "This report for people." },
  ];
}

/** A workbook and the CSV with the same rows; without the workbook, the reason why there is none. */
function bothFiles(workbook: string, csv: string, holds: string, leftOut: LeftOut | undefined) {
  const without = `${holds} There is no ${workbook}: ${leftOut === undefined ? "" : leftOutInWords(leftOut)}`;
  if (leftOut !== undefined) return [{ name: csv, holds: without }];
  return [
    { name: workbook, holds: `${holds} For a spreadsheet program: numbers keep their plus signs and leading zeros.` },
    { name: csv, holds: "The same as CSV, for programs." },
  ];
}

function leftOutInWords(leftOut: LeftOut): string {
  switch (leftOut) {
    case "rows":
      return `a spreadsheet holds at most ${grouped(sheetRows)} rows below its header.`;
    case "columns":
      return "the list has more columns than a spreadsheet holds.";
    case "size":
      return "it would be too large for a spreadsheet program to open.";
    default:
      return leftOut satisfies never;
  }
}
