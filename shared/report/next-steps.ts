import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";
import { counted, sentence } from "../in-words.ts";
import { csvKey, optionsKey } from "../ports/bucket-layout.ts";

/** What to do when a campaign is over: one sentence for each file that calls for something. */
export function nextSteps(
  name: string,
  counts: Readonly<Record<RowStatus, number>>,
  withOptions: boolean,
): readonly string[] {
  const notSent = counts.failed + counts.invalid + counts.cancelled;
  const options = withOptions ? `, with its options as ${optionsKey(csvKey(`${name}-2`))}` : "";
  const steps = [
    notSent > 0 &&
      `not-sent.csv has ${counted(notSent, "row")} that Enswitch did not accept: fix what the report's reasons point out, then upload the file under a new name such as ${csvKey(`${name}-2`)}${options}.`,
    counts.unknown > 0 &&
      `unknown.csv has ${counted(counts.unknown, "row")} in doubt: find out from Enswitch's own records, or by asking, who received the message, and upload only the others under a new name.`,
  ].filter((step) => step !== false);
  return steps.length > 0
    ? steps
    : ["There is nothing left to do; report.csv shows row by row what happened to each message."];
}

/** What to do while a campaign is not over; `pause` is what keeps it from sending, its own or the account's. */
export function liveSteps(pause: Pause | undefined, campaign: CommittedCampaign): readonly string[] {
  if (pause) return [stepAfterPause(pause, campaign.pause ? ` ${campaign.name}` : "")];
  const judged = campaign.invalid + campaign.skipped;
  return [
    ...(judged > 0
      ? [`${counted(judged, "row")} will not be sent; report.csv will list each of them with the reason.`]
      : []),
    "Nothing needs to be done; report.csv, not-sent.csv and unknown.csv are written when the campaign is over.",
  ];
}

/** How to end the pause; `scope` follows the command that resumes. */
function stepAfterPause({ code, reason }: Pause, scope: string): string {
  switch (code) {
    case "credentials":
      return `${sentence(reason)} Store working credentials with "bulk-send credentials"; sending then continues by itself.`;
    case "person":
      return `${sentence(reason)} "bulk-send resume${scope}" continues with the next row.`;
    default:
      return `${sentence(reason)} Once that is fixed, "bulk-send resume${scope}" continues with the next row.`;
  }
}
