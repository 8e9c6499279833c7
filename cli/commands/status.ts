import { setTimeout as sleep } from "node:timers/promises";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { copyable } from "../../shared/copyable.ts";
import { accountJson, accountLines, accountView } from "../account-lines.ts";
import { asShown, isUploaded, summaryNow, unfinishedCampaigns } from "../campaign-now.ts";
import { type ExitCode, exitCodes, Failure, Refused, Replaced } from "../exit.ts";
import { followCampaign, liveOf } from "../follow-campaign.ts";
import { onInterruption } from "../interruption.ts";
import { liveLines } from "../live-lines.ts";
import { createOwnUpload } from "../own-upload.ts";
import { createProgress } from "../progress.ts";
import { reportDirectory } from "../report-files.ts";
import { broken } from "../screen.ts";
import { stepsHere } from "../send-again.ts";
import { summaryLines } from "../summary-lines.ts";
import { continues, noteOtherDirectory, type OpenStack, type Target, withStack } from "../target.ts";
import { forTerminal, type Terminal } from "../terminal.ts";

/** The options of the command line. */
export type StatusOptions = Target & {
  readonly watch?: boolean;
  readonly json?: boolean;
  /** The version of the list that is meant, where several were uploaded under the name. */
  readonly upload?: string;
};

/** How often `--watch` looks at the account, in milliseconds. */
const watchEveryMs = 2_000;

/**
 * Shows a campaign, or the account and what is in progress when no name is given. Ends with the reason and exit 3 for a
 * paused one, and with exit 2 for a refused one.
 */
export const status = (name: string | undefined, options: StatusOptions, terminal: Terminal) =>
  withStack(options, async (opened) => {
    noteOtherDirectory(options, terminal);
    if (opened.atRest && (await unfinishedCampaigns(opened.stack)).length > 0) {
      terminal.note(`Nothing is running on this directory. To go on sending: ${continues(opened)}`);
    }
    if (name === undefined) return accountStatus(opened, options, terminal);
    return options.watch ? watch(opened, name, options, terminal) : campaignStatus(opened, name, options, terminal);
  });

async function watch(opened: OpenStack, name: string, options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const { stack, atRest } = opened;
  const signal = onInterruption();
  if ((await stack.campaigns.read(name, { consistent: true })) === undefined) {
    if (atRest || !(await isUploaded(stack, name))) throw await missing(opened, name);
    terminal.note(`${name} is uploaded and has not been judged yet; that takes about half a minute.`);
  }
  const progress = createProgress(terminal);
  const following = { target: opened.words, version: options.upload, show: progress.show, signal };
  const followed = await followCampaign(stack, name, following).finally(progress.stop);
  switch (followed.kind) {
    case "complete":
    case "paused":
      return campaignStatus({ ...opened, atRest: false }, name, options, terminal);
    case "refused":
      throw new Refused(followed.reason);
    case "replaced":
      throw new Replaced(followed.reason);
    case "interrupted":
      return exitCodes.interrupted;
    default:
      return followed satisfies never;
  }
}

async function campaignStatus(
  opened: OpenStack,
  name: string,
  options: StatusOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { atRest } = opened;
  const campaign = await readCampaign(opened, name, options.upload);
  const summary = await summaryNow(opened, campaign);
  if (campaign.state === "complete") {
    if (options.json) terminal.say(JSON.stringify(summary));
    else {
      const steps = stepsHere(summary, opened, reportDirectory(name));
      for (const line of summaryLines(summary, undefined, steps)) terminal.say(line);
      terminal.say(`To copy its report: ${copyable("report", name, ...opened.words)}`);
    }
    return exitCodes.complete;
  }
  if (options.json) terminal.say(JSON.stringify(summary));
  else for (const line of liveLines(summary, atRest)) terminal.say(line);
  return summary.state === "paused" ? exitCodes.paused : exitCodes.complete;
}

async function accountStatus(opened: OpenStack, options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const { stack } = opened;
  const signal = options.watch ? onInterruption() : undefined;
  let said = "";
  for (;;) {
    const account = await stack.account.read();
    const campaigns = await unfinishedCampaigns(stack);
    const seen = accountView(opened, account, Date.now());
    const live = campaigns.flatMap((campaign) =>
      campaign.state === "refused" ? [] : [liveOf(opened, campaign, { ...account, pause: seen.pause })],
    );
    const lives = await Promise.all(live.map((summary) => asShown(stack, summary)));
    const view = { ...seen, lives };
    const lines = options.json ? [accountJson(view)] : accountLines(view, opened.words);
    const inPlace = signal !== undefined && terminal.interactive && !options.json;
    if (inPlace) terminal.show(lines.flatMap((line) => broken(forTerminal(line), terminal.columns() - 1)));
    else if (lines.join("\n") !== said) for (const line of lines) terminal.say(line);
    said = lines.join("\n");
    if (signal === undefined) return view.pause === undefined ? exitCodes.complete : exitCodes.paused;
    await sleep(watchEveryMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) {
      terminal.settle();
      return exitCodes.interrupted;
    }
  }
}

/** The campaign, of the list with that version if one is meant. Throws a Refused, or a Failure, where there is none. */
async function readCampaign(opened: OpenStack, name: string, version?: string): Promise<CommittedCampaign> {
  const { stack } = opened;
  const fate = await createOwnUpload(stack, name, version)(await stack.campaigns.read(name, { consistent: true }));
  switch (fate.kind) {
    case "own":
      return fate.campaign;
    case "waiting":
      throw await missing(opened, name);
    case "refused":
      throw new Refused(`${name} was refused, nothing was sent: ${fate.reason}`);
    case "replaced":
      throw new Replaced(fate.reason);
    default:
      return fate satisfies never;
  }
}

/** Why there is no campaign of this name, and what to do. */
async function missing(opened: OpenStack, name: string): Promise<Failure> {
  const { stack, atRest, words } = opened;
  if (!(await isUploaded(stack, name))) {
    return new Failure(`There is no campaign ${name}. To see all: ${copyable("list", ...words)}`);
  }
  const next = atRest
    ? `To send it: ${continues(opened)}`
    : `To wait: ${copyable("status", name, "--watch", ...words)}`;
  return new Failure(`${name} is uploaded and has not been judged yet. ${next}`);
}
