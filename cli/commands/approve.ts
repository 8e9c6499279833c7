import { setTimeout as sleep } from "node:timers/promises";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { principalOf, whyNotSomebodyElse } from "../../shared/campaign/identity.ts";
import { copyable } from "../../shared/copyable.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { waitsForApprover } from "../../shared/reconcile/judge-approvals.ts";
import { approveHere, askApproval, whatIsApproved } from "../ask-approval.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "../exit.ts";
import { approverHere } from "../operator-name.ts";
import type { Stack } from "../stack.ts";
import { continues, type Target, targetOptions, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export type ApproveOptions = Target & { readonly yes?: boolean; readonly json?: boolean };

/** How long the reporter is waited for, and how often the campaign is read meanwhile, in milliseconds. */
const reporterMs = 30_000;
const everyMs = 500;

/** Shows what a campaign that waits for approval will send, asks, and approves it. */
export const approve = (name: string, options: ApproveOptions, terminal: Terminal): Promise<ExitCode> =>
  withStack(options, async (opened) => {
    const { stack, atRest } = opened;
    const campaign = await waitingCampaign(stack, name, options);
    const approver = stack.local ? undefined : await approverHere(stack);
    const why = approver && whyNotSomebodyElse({ by: campaign.uploadedBy }, approver);
    if (why !== undefined) throw new Refused(`Somebody else has to approve ${name}, because ${why}.`);
    await askApproval(await whatIsApproved(stack, campaign), options.yes === true, terminal);
    if (approver === undefined) {
      const { kind, sentence } = await approveHere(stack, campaign);
      if (kind === "refused") throw new Failure(sentence);
      const more = atRest ? ` To send it: ${continues(opened)}` : "";
      return told(options, terminal, { name, approved: true }, `${sentence}${more}`);
    }
    const { run } = campaign;
    await stack.approvals.give(name, { approver, run, at: Date.now() });
    await stack.nudge([nudgeBody({ kind: "look" })]);
    const now = await afterReporter(stack, campaign);
    if (now.approval !== undefined) {
      return told(options, terminal, { name, approved: true }, `${name} is approved and is being sent.`);
    }
    const refused = now.history.findLast(({ what, by }) => what === "tried to approve" && by === principalOf(approver));
    if (now.state === "paused" && refused !== undefined) throw new Failure(now.pause?.reason ?? "It does not count.");
    if (now.state !== "paused") throw new Failure(`${name} is ${now.state} meanwhile, and was not approved.`);
    const status = copyable("status", name, ...targetOptions(options));
    const sentence = `Your approval of ${name} is noted. It counts once the reporter has looked at it, within a minute or two. To see whether it does: ${status}`;
    return told(options, terminal, { name, approved: false }, sentence);
  });

function told(options: ApproveOptions, terminal: Terminal, json: object, sentence: string): ExitCode {
  terminal.say(options.json ? JSON.stringify(json) : sentence);
  return exitCodes.complete;
}

async function waitingCampaign({ campaigns }: Stack, name: string, target: Target): Promise<CommittedCampaign> {
  const campaign = await campaigns.read(name, { consistent: true });
  if (campaign === undefined) {
    throw new Failure(`There is no campaign ${name}. To see all: ${copyable("list", ...targetOptions(target))}`);
  }
  if (waitsForApprover(campaign)) return campaign;
  throw new Failure(`${name} does not wait for approval.`);
}

/** The campaign once the reporter has judged the approval, or as it is when that takes too long. */
async function afterReporter({ campaigns }: Stack, before: CommittedCampaign): Promise<CommittedCampaign> {
  const until = Date.now() + reporterMs;
  for (;;) {
    const now = await campaigns.read(before.name, { consistent: true });
    if (now === undefined || now.state === "refused") return before;
    const judged = JSON.stringify(now.refusedApprovals) !== JSON.stringify(before.refusedApprovals);
    if (!waitsForApprover(now) || judged || Date.now() >= until) return now;
    await sleep(everyMs);
  }
}
