import type { RowStatus } from "../campaign/campaign.ts";
import { counted } from "../in-words.ts";
import { csvKey, optionsKey, reportFileNames } from "../ports/bucket-layout.ts";

/** What a person does when a campaign is over, one sentence for each file that asks for something. */
export function nextSteps(
  name: string,
  counts: Readonly<Record<RowStatus, number>>,
  withOptions: boolean,
): readonly string[] {
  const notSent = counts.failed + counts.invalid + counts.cancelled;
  const options = withOptions ? `, with its options as ${optionsKey(csvKey(`${name}-2`))}` : "";
  const steps = [
    notSent > 0 &&
      `${reportFileNames.notSent} has ${counted(notSent, "row")} that Enswitch did not accept: mend what the reasons below name, then upload it under a new name such as ${csvKey(`${name}-2`)}${options}.`,
    counts.unknown > 0 &&
      `${reportFileNames.unknown} has ${counted(counts.unknown, "row")} in doubt: find out in Enswitch's own records, or by asking, who received the message, and upload only the others under a new name.`,
  ].filter((step) => step !== false);
  return steps.length > 0
    ? steps
    : [`There is nothing left to do; ${reportFileNames.report} says row by row what became of the file.`];
}

/** The files of a finished report, and what each holds. */
export const reportFiles = (counts: Readonly<Record<RowStatus, number>>) => [
  { name: reportFileNames.report, holds: "Every row in its order, with what became of it." },
  {
    name: reportFileNames.notSent,
    holds: `The original cells of ${counted(counts.failed + counts.invalid + counts.cancelled, "row")} that Enswitch did not accept.`,
  },
  { name: reportFileNames.unknown, holds: `The original cells of ${counted(counts.unknown, "row")} in doubt.` },
  { name: reportFileNames.summary, holds: "The figures of this page, for programs." },
  { name: reportFileNames.page, holds: "This report for people." },
];
