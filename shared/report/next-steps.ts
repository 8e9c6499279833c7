import type { RowStatus } from "../campaign/campaign.ts";
import { counted } from "../in-words.ts";

/** What a person does when a campaign is over, one sentence for each file that asks for something. */
export function nextSteps(
  name: string,
  counts: Readonly<Record<RowStatus, number>>,
  withOptions: boolean,
): readonly string[] {
  const notSent = counts.failed + counts.invalid + counts.cancelled;
  const options = withOptions ? `, with its options as campaigns/${name}-2.json` : "";
  const steps = [
    notSent > 0 &&
      `not-sent.csv has ${counted(notSent, "row")} that Enswitch did not accept: mend what the reasons below name, then upload it under a new name such as campaigns/${name}-2.csv${options}.`,
    counts.unknown > 0 &&
      `unknown.csv has ${counted(counts.unknown, "row")} in doubt: find out in Enswitch's own records, or by asking, who received the message, and upload only the others under a new name.`,
  ].filter((step) => step !== false);
  return steps.length > 0
    ? steps
    : ["There is nothing left to do; report.csv says row by row what became of the file."];
}

/** The files of a finished report, and what each holds. */
export const reportFiles = (counts: Readonly<Record<RowStatus, number>>) => [
  { name: "report.csv", holds: "Every row in its order, with what became of it." },
  {
    name: "not-sent.csv",
    holds: `The original cells of ${counted(counts.failed + counts.invalid + counts.cancelled, "row")} that Enswitch did not accept.`,
  },
  { name: "unknown.csv", holds: `The original cells of ${counted(counts.unknown, "row")} in doubt.` },
  { name: "summary.json", holds: "The figures of this page, for programs." },
  { name: "report.html", holds: "This report for people." },
];
