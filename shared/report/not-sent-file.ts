import { reportFileNames } from "../ports/bucket-layout.ts";
import { sheetRows } from "./sheet-rows.ts";

/** The report's file with the rows that were not sent, as people are told of it: the workbook, unless the list is too long for a sheet. */
export const notSentFile = ({ rows }: { readonly rows: number }): string =>
  rows <= sheetRows ? reportFileNames.notSentSheet : reportFileNames.notSent;
