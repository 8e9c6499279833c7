import type { CommittedCampaign } from "../shared/campaign/campaign.ts";
import type { CommandResult } from "../shared/campaign/command-result.ts";
import { createControl } from "../shared/campaign/control.ts";
import { createSuppressions } from "../shared/feed/suppression.ts";
import { counted } from "../shared/in-words.ts";
import type { PlanHead } from "../shared/plan/head.ts";
import { planHead } from "../shared/plan/read-plan.ts";
import { smallText } from "../shared/ports/bucket.ts";
import { reportFileNames, reportKey } from "../shared/ports/bucket-layout.ts";
import { systemClock } from "../shared/ports/clock.ts";
import { readJson } from "../shared/read-json.ts";
import { liveSummary } from "../shared/report/live-summary.ts";
import { Summary } from "../shared/report/summary.ts";
import { previewAgain } from "../shared/split/preview.ts";
import { approvalLines } from "./approval-lines.ts";
import { askAtTerminal, somebodyCanAnswer } from "./ask.ts";
import { Failure, Refused } from "./exit.ts";
import { operatorName } from "./operator-name.ts";
import type { Stack } from "./stack.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What a campaign that waits for approval will send. On AWS it is what the reporter has written, as approvers do not read
 * plans; throws a Failure while that is not there, or is about another plan.
 */
export async function whatIsApproved(stack: Stack, campaign: CommittedCampaign): Promise<Summary> {
  const { name, run } = campaign;
  if (stack.local) {
    const rate = stack.outputs.SendsPerSecond;
    return liveSummary(campaign, { account: { rate } }, Date.now(), await headOfNow(stack, campaign));
  }
  const key = reportKey(name, reportFileNames.summary);
  const text = await smallText(stack.bucket, key);
  const { data } = Summary.safeParse(text === undefined ? undefined : readJson(text));
  if (data?.approval?.plan === run && data.messages !== undefined) return data;
  throw new Failure(`${key} does not show yet what ${name} will send; try again in a minute.`);
}

/** The plan's head with the preview by the suppression lists as they are now. */
async function headOfNow({ bucket }: Stack, campaign: CommittedCampaign): Promise<PlanHead> {
  const head = await planHead(bucket, campaign);
  if (head.preview === undefined) return head;
  const lists = await createSuppressions(bucket)();
  return { ...head, preview: await previewAgain(bucket, campaign, { before: head.preview, lists, at: Date.now() }) };
}

/**
 * Shows what a campaign will send and asks whether it may; with `yes` it only shows it. Throws a Refused when it may not,
 * or when nobody can be asked.
 */
export async function askApproval(summary: Summary, yes: boolean, terminal: Terminal): Promise<void> {
  for (const line of approvalLines(summary)) terminal.note(line);
  if (yes) return;
  if (!somebodyCanAnswer()) throw new Refused("Nobody can be asked here; look at the lines above, and add --yes.");
  if (await askAtTerminal.confirm(`Send ${counted(summary.remaining, "text")}?`, false)) return;
  throw new Refused(`Nothing was approved; ${summary.name} goes on waiting.`);
}

/** Approves a campaign of this machine, where the operator's word is all there is. The history says so. */
export async function approveHere(stack: Stack, { name, run }: CommittedCampaign): Promise<CommandResult> {
  const { campaigns, account, nudge, outputs } = stack;
  const by = `${await operatorName(stack)} (on this machine, where nobody vouches for names)`;
  const control = createControl({ campaigns, account, nudge, clock: systemClock, by, ceiling: outputs.SendsPerSecond });
  return control.approve(name, run);
}
