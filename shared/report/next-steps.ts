import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";
import { copyable } from "../copyable.ts";
import { counted, sentence } from "../in-words.ts";
import { csvKey, folders, optionsKey, reportFileNames } from "../ports/bucket-layout.ts";
import type { Workbooks } from "./figures.ts";
import { sheetRows } from "./sheet-rows.ts";
import type { LeftOut } from "./workbook-object.ts";

/**
 * What to do when a campaign is over: one sentence for each file that calls for something. `workbooks` says which are
 * there; without it, as many are assumed as fit. `again` says how a file is sent where it is not by an upload.
 */
export function nextSteps(
  name: string,
  counts: Readonly<Record<RowStatus, number>>,
  withOptions: boolean,
  workbooks?: Workbooks,
  again?: (file: string) => string,
): readonly string[] {
  const notSent = counts.failed + counts.invalid + counts.cancelled;
  const options = withOptions ? `, with its options as ${optionsKey(csvKey(`${name}-2`))}` : "";
  const has = (workbook: string, csv: string, rows: number, what: string, leftOut: LeftOut | undefined) =>
    leftOut === undefined && rows <= sheetRows
      ? `${workbook} has ${counted(rows, "row")} ${what} (${csv} is the same for programs)`
      : `${csv} has ${counted(rows, "row")} ${what}`;
  const { notSentSheet, unknownSheet, reportSheet, report } = reportFileNames;
  const refused = has(notSentSheet, reportFileNames.notSent, notSent, "not sent", workbooks?.notSent);
  const doubtful = has(unknownSheet, reportFileNames.unknown, counts.unknown, "in doubt", workbooks?.unknown);
  const inSheet = refused.startsWith(notSentSheet);
  const key = inSheet ? `${folders.campaigns}${name}-2.xlsx` : csvKey(`${name}-2`);
  const sending =
    again?.(inSheet ? notSentSheet : reportFileNames.notSent) ??
    `upload the file under a new name such as ${key}${options}.`;
  const steps = [
    notSent > 0 && `${refused}: fix what the report's reasons point out, then ${sending}`,
    counts.unknown > 0 &&
      `${doubtful}: find out from Enswitch's own records, or by asking, who received the message, and ${again === undefined ? "upload" : "send"} only the others under a new name.`,
  ].filter((step) => step !== false);
  const all = workbooks?.report === undefined ? reportSheet : report;
  return steps.length > 0
    ? steps
    : [`There is nothing left to do; ${all} shows row by row what happened to each message.`];
}

/** What somebody should know first who reads the report of a simulation. */
export const simulationStep =
  "This was a simulation: no message left this machine. What follows is what a real campaign would call for; run and serve send in earnest with the option --endpoint.";

/** A sentence with the address of an entry of the operations manual; none where nobody knows where people read it. */
export const moreInManual = (manual: string | undefined, entry: string): readonly string[] =>
  manual === undefined ? [] : [`More about it: ${manual}#${entry}`];

/**
 * What to do while a campaign is not over; `pause` is what keeps it from sending, its own or the account's. Commands can
 * be copied as they stand: `target` are the words that name the stack. `manual` is where people read the operations manual.
 */
export function liveSteps(
  pause: Pause | undefined,
  campaign: CommittedCampaign,
  { target = [], manual }: { readonly target?: readonly string[]; readonly manual?: string },
): readonly string[] {
  if (pause) {
    const steps = stepsAfterPause(pause, campaign.pause ? [campaign.name] : [], target);
    return [...steps, ...moreInManual(manual, `pause-${pause.code}`)];
  }
  const judged = campaign.invalid + campaign.skipped;
  return [
    ...(judged > 0
      ? [`${counted(judged, "row")} will not be sent; the report will list each of them with the reason.`]
      : []),
    "Nothing needs to be done; the report, with a workbook of all rows, is written when the campaign is over.",
  ];
}

/** How to end the pause, a command a step; `scope` is the campaign's name where the pause is its own. */
function stepsAfterPause({ code, reason }: Pause, scope: readonly string[], target: readonly string[]) {
  const why = sentence(reason);
  const command = (word: string, ...rest: readonly string[]) => copyable(word, ...rest, ...target);
  switch (code) {
    case "credentials":
      return [`${why} Sending continues by itself once working credentials are stored: ${command("credentials")}`];
    case "approval":
      return [
        `${why} To see what would be sent, and let it go on: ${command("approve", ...scope)}`,
        `To refuse it: ${command("cancel", ...scope)}`,
      ];
    case "person":
      return [`${why} To continue with the next row: ${command("resume", ...scope)}`];
    default:
      return [`${why} Once that is fixed, to continue with the next row: ${command("resume", ...scope)}`];
  }
}
