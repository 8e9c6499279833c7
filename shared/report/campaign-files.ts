import { reportFileNames } from "../ports/bucket-layout.ts";
import type { Summary } from "./summary.ts";

/** A small file of a campaign's report, as it is stored. */
export interface ReportFile {
  readonly file: "summary.json" | "report.html";
  readonly body: string;
  readonly type: string;
}

/**
 * The files that show one summary, in the order in which they are written: one for programs, one for people. The page is
 * passed in rather than chosen here by the summary's state, so that the splitter is not deployed with the reporter's pages.
 */
export function campaignFiles(summary: Summary, page: string): readonly [summary: ReportFile, page: ReportFile] {
  return [
    {
      file: reportFileNames.summary,
      body: `${JSON.stringify(summary, null, 2)}\n`,
      type: "application/json; charset=utf-8",
    },
    { file: reportFileNames.page, body: page, type: "text/html; charset=utf-8" },
  ];
}
