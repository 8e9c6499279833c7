import { waitsForApproval } from "../../shared/campaign/approval-rule.ts";
import { outlook } from "../../shared/report/outlook.ts";
import { findCampaignFile } from "../campaign-file.ts";
import { checkLines, warningLines } from "../check-lines.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { attachmentsBeside, judgeList, refusedList, settingsHere, summaryOf, whyNothing } from "../judge-list.ts";
import type { ListFlags } from "../list-flags.ts";
import { wholeRefusal } from "../refusal.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export type CheckOptions = ListFlags & {
  readonly options?: string;
  readonly rate?: number;
  readonly json?: boolean;
};

/**
 * Judges a CSV as a campaign would be, on this machine and without sending anything. Throws a Refused for a file that is
 * refused, and when none of its rows could be sent.
 */
export async function check(csv: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  const { settings, defaults, dayLimit } = await settingsHere();
  const rate = options.rate ?? settings.sendsPerSecond;
  const attachmentsIn = attachmentsBeside(csv);

  const judged = await judgeList(file, { defaults, attachmentsIn });
  if (judged.kind === "refused") {
    if (options.json) terminal.say(JSON.stringify(refusedList(file, judged)));
    else for (const line of warningLines(judged.warnings ?? [])) terminal.say(line);
    throw new Refused(await wholeRefusal(file, judged, defaults));
  }
  const now = Date.now();
  const summary = summaryOf(file, judged, { defaults, rate, dayLimit, at: now });
  const { sendable } = judged.end.totals;
  if (options.json) terminal.say(JSON.stringify(summary));
  else {
    const seconds = sendable / rate;
    const { zones } = judged.end.totals;
    const waits = waitsForApproval(settings.approval, sendable)
      ? ["Nothing of it would be sent before a second person approves it (approval)."]
      : [];
    const times = outlook(file.options?.read ?? {}, defaults, now, { sendable, rate, dayLimit, zones });
    const attachmentsThere = attachmentsIn !== undefined;
    const lines = checkLines({
      summary,
      end: judged.end,
      file,
      attachmentsThere,
      seconds,
      rate,
      times: [...waits, ...times],
    });
    for (const line of lines) terminal.say(line);
  }
  const nothing = whyNothing(file, judged);
  if (nothing !== undefined) throw new Refused(`Nothing would be sent: ${nothing}.`);
  return exitCodes.complete;
}
