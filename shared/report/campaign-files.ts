import { reportFileNames } from "../ports/bucket-layout.ts";
import type { Summary } from "./summary.ts";

/** A small file of a campaign's report, as it is stored. */
export interface CampaignFile {
  readonly file: typeof reportFileNames.summary | typeof reportFileNames.page;
  readonly body: string;
  readonly type: string;
}

/**
 * The files that show one summary, in the order in which they are written: for programs, and for people. The page is
 * given, and not chosen here by the summary's state, so that the splitter is not deployed with the pages of the reporter.
 */
export function campaignFiles(summary: Summary, page: string): readonly [summary: CampaignFile, page: CampaignFile] {
  return [
    {
      file: reportFileNames.summary,
      body: `${JSON.stringify(summary, null, 2)}\n`,
      type: "application/json; charset=utf-8",
    },
    { file: reportFileNames.page, body: page, type: "text/html; charset=utf-8" },
  ];
}
