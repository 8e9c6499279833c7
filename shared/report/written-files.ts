import type { RowStatus } from "../campaign/campaign.ts";
import { counted } from "../in-words.ts";

const summaryFile = { name: "summary.json", holds: "The figures of this page, for programs." };

/** The files of a check or a refusal, besides the page itself. */
export const summaryOnly = [summaryFile] as const;

/** The files of a campaign that is not over, and what each holds. */
export const liveFiles = [
  summaryFile,
  { name: "report.html", holds: "This page; the report takes its place when the campaign is over." },
] as const;

/** The files of a finished report, and what each holds. */
export const finalFiles = (counts: Readonly<Record<RowStatus, number>>) => [
  { name: "report.csv", holds: "Every row in its original order, with what happened to it." },
  {
    name: "not-sent.csv",
    holds: `The original cells of ${counted(counts.failed + counts.invalid + counts.cancelled, "row")} that Enswitch did not accept.`,
  },
  { name: "unknown.csv", holds: `The original cells of ${counted(counts.unknown, "row")} in doubt.` },
  summaryFile,
  { name: "report.html", holds: "This report for people." },
];
