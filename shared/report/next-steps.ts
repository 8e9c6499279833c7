import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";
import { counted, sentence } from "../in-words.ts";
import { csvKey, folders, optionsKey, reportFileNames } from "../ports/bucket-layout.ts";
import type { Workbooks } from "./figures.ts";
import { type LeftOut, sheetRows } from "./workbook-object.ts";

/**
 * What to do when a campaign is over: one sentence for each file that calls for something. `workbooks` says which are
 * there; without it, as many are assumed as fit.
 */
export function nextSteps(
  name: string,
  counts: Readonly<Record<RowStatus, number>>,
  withOptions: boolean,
  workbooks?: Workbooks,
): readonly string[] {
  const notSent = counts.failed + counts.invalid + counts.cancelled;
  const options = withOptions ? `, with its options as ${optionsKey(csvKey(`${name}-2`))}` : "";
  const has = (workbook: string, csv: string, rows: number, what: string, leftOut: LeftOut | undefined) =>
    leftOut === undefined && rows <= sheetRows
      ? `${workbook} has ${counted(rows, "row")} ${what} (${csv} is the same for programs)`
      : `${csv} has ${counted(rows, "row")} ${what}`;
  const { notSentSheet, unknownSheet, reportSheet, report } = reportFileNames;
  const refused = has(
    notSentSheet,
    reportFileNames.notSent,
    notSent,
    "that Enswitch did not accept",
    workbooks?.notSent,
  );
  const doubtful = has(unknownSheet, reportFileNames.unknown, counts.unknown, "in doubt", workbooks?.unknown);
  const again = refused.startsWith(notSentSheet) ? `${folders.campaigns}${name}-2.xlsx` : csvKey(`${name}-2`);
  const steps = [
    notSent > 0 &&
      `${refused}: fix what the report's reasons point out, then upload the file under a new name such as ${again}${options}.`,
    counts.unknown > 0 &&
      `${doubtful}: find out from Enswitch's own records, or by asking, who received the message, and upload only the others under a new name.`,
  ].filter((step) => step !== false);
  const all = workbooks?.report === undefined ? reportSheet : report;
  return steps.length > 0
    ? steps
    : [`There is nothing left to do; ${all} shows row by row what happened to each message.`];
}

/** What somebody should know first who reads the report of a simulation. */
export const simulationStep =
  "This was a simulation: no message left this machine. To send the list in earnest, run it with --endpoint; what follows is what a real campaign would call for.";

/** The address of an entry of the operations manual, as another sentence; none where nobody knows where people read it. */
export const moreInManual = (manual: string | undefined, entry: string): string =>
  manual === undefined ? "" : ` More about it: ${manual}#${entry}`;

/**
 * What to do while a campaign is not over; `pause` is what keeps it from sending, its own or the account's, and `manual` where
 * people read the operations manual.
 */
export function liveSteps(pause: Pause | undefined, campaign: CommittedCampaign, manual?: string): readonly string[] {
  if (pause) {
    const step = stepAfterPause(pause, campaign.pause ? ` ${campaign.name}` : "");
    return [`${step}${moreInManual(manual, `pause-${pause.code}`)}`];
  }
  const judged = campaign.invalid + campaign.skipped;
  return [
    ...(judged > 0
      ? [`${counted(judged, "row")} will not be sent; the report will list each of them with the reason.`]
      : []),
    "Nothing needs to be done; the report, with a workbook of all rows, is written when the campaign is over.",
  ];
}

/** How to end the pause; `scope` follows the command that resumes. */
function stepAfterPause({ code, reason }: Pause, scope: string): string {
  switch (code) {
    case "credentials":
      return `${sentence(reason)} Store working credentials with "bulk-send credentials"; sending then continues by itself.`;
    case "approval":
      return `${sentence(reason)} Somebody else than who uploaded it looks at it and lets it go on with "bulk-send approve${scope}"; "bulk-send cancel${scope}" refuses it.`;
    case "person":
      return `${sentence(reason)} "bulk-send resume${scope}" continues with the next row.`;
    default:
      return `${sentence(reason)} Once that is fixed, "bulk-send resume${scope}" continues with the next row.`;
  }
}
