import type { FinalFigures } from "./figures.ts";
import { checkPage } from "./page/check-page.ts";
import { livePage } from "./page/live-page.ts";
import { refusedPage } from "./page/refused-page.ts";
import { reportPage } from "./page/report-page.ts";
import type { Summary } from "./summary.ts";

/** A small file of a campaign's report, as it is stored. */
export interface CampaignFile {
  readonly file: "summary.json" | "report.html";
  readonly body: string;
  readonly type: string;
}

/**
 * The files that show one summary, in the order in which they are written: for programs, and for people. With
 * `figures`, the plots and rows of a final report.
 */
export function campaignFiles(
  summary: Summary,
  figures?: FinalFigures,
): readonly [summary: CampaignFile, page: CampaignFile] {
  return [
    { file: "summary.json", body: `${JSON.stringify(summary, null, 2)}\n`, type: "application/json; charset=utf-8" },
    { file: "report.html", body: page(summary, figures), type: "text/html; charset=utf-8" },
  ];
}

function page(summary: Summary, figures: FinalFigures | undefined): string {
  switch (summary.state) {
    case "refused":
      return refusedPage(summary);
    case "checked":
      return checkPage(summary);
    case "complete":
      return figures === undefined ? livePage(summary) : reportPage(summary, figures);
    case "running":
    case "waiting":
    case "paused":
    case "ending":
      return livePage(summary);
    default:
      return summary.state satisfies never;
  }
}
