import { findCampaignFile } from "../cli/campaign-file.ts";
import { Refused } from "../cli/exit.ts";
import { attachmentsBeside, judgeList, judgingSettings, refusedList, summaryOf } from "../cli/judge-list.ts";
import type { RefusedList } from "../cli/refused-list.ts";
import type { GivenSettings } from "../infra/given-settings.ts";
import { noSetting, strangerAmong } from "../infra/settings.ts";
import { rateLimits } from "../shared/account/rate-limits.ts";
import type { GivenOptions } from "../shared/campaign/given-options.ts";
import type { Summary } from "../shared/report/summary.ts";
import { type GivenList, membersOfOptions, withListFile } from "./list-file.ts";

/** How a list is checked. */
export interface CheckingOptions {
  /** The campaign's options, in place of the JSON beside the list, which counts where the list is a path. */
  readonly options?: GivenOptions | undefined;
  /** The settings of the stack that would send it; only those that are given here count, no file's. */
  readonly settings?: GivenSettings | undefined;
  /** The campaign's name; that of the file without its ending, if absent. */
  readonly name?: string | undefined;
  /** Calls per second to assume, 0.05 to 1,000; `settings.sendsPerSecond`, if absent. */
  readonly rate?: number | undefined;
  /** Ends the check with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A list that would be sent, in figures and in words. */
export type CheckedSummary = Summary & { readonly state: "checked" };

/**
 * Judges every row of a list as a stack would, on this machine and without sending anything: what `bulk-send check --json`
 * prints. A list that is refused as a whole has the state "refused" and a reason; rows that are invalid or skipped are in `counts` and
 * `problems`, and where all are, `remaining` is 0. Attachments are looked for in a folder `attachments` beside the list, if there is one. Throws a
 * Refused for a file that is not there, and for wrong options, settings or rate.
 */
export async function check(list: GivenList, given: CheckingOptions = {}): Promise<CheckedSummary | RefusedList> {
  const { options, name, signal } = given;
  const stranger = strangerAmong(Object.keys(given.settings ?? {}));
  if (stranger !== undefined) throw new Refused(`In the settings: ${noSetting(stranger)}`);
  const { settings, defaults, dayLimit } = judgingSettings({ ...given.settings }, "In the settings");
  const { rate = settings.sendsPerSecond } = given;
  // Written so that it does not hold for what is no number.
  if (!(rate >= rateLimits.min && rate <= rateLimits.max)) {
    throw new Refused(`rate is ${rate}, but must be a number from ${rateLimits.min} to ${rateLimits.max}.`);
  }
  const judge = async (path: string): Promise<CheckedSummary | RefusedList> => {
    const text = options === undefined ? undefined : { text: JSON.stringify(options) };
    const file = await findCampaignFile(path, { name, options: text, says: membersOfOptions });
    const judged = await judgeList(file, { defaults, attachmentsIn: attachmentsBeside(path), signal });
    if (judged.kind === "refused") return refusedList(file, judged);
    const summary = summaryOf(file, judged, { defaults, rate, dayLimit, at: Date.now() });
    return { ...summary, state: "checked" };
  };
  return withListFile(list, judge, signal);
}
