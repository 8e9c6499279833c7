import type { Campaign, CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { copyable } from "../../shared/copyable.ts";
import { uploadKey } from "../../shared/ports/bucket-layout.ts";
import { type CampaignFile, findCampaignFile, flagsOfCommands } from "../campaign-file.ts";
import { asShown } from "../campaign-now.ts";
import { beforeSendingLines, optionsInWords } from "../check-lines.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { liveOf } from "../follow-campaign.ts";
import {
  judgeForAnyStack,
  judgeList,
  judgeToSend,
  ofAnyStack,
  settingsHere,
  summaryOf,
  whyNothing,
  whyNothingAnywhere,
} from "../judge-list.ts";
import type { ListFlags } from "../list-flags.ts";
import { stateInWords } from "../live-lines.ts";
import { settingsFileName } from "../project-settings.ts";
import { wholeRefusal } from "../refusal.ts";
import { checkNotNamedByReport } from "../send-again.ts";
import { continues, noteOtherDirectory, type OpenStack, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { type Arrived, uploadBesideOthers } from "../upload-beside-others.ts";
import { changedOptions, nameUse, unlessDenied, uploadFiles } from "../upload-files.ts";

/**
 * Uploads a CSV and its options as a campaign, unless it would be refused. The same content again changes nothing; other
 * content is refused.
 */
export const upload = async (
  csv: string,
  options: Target & ListFlags & { readonly name?: string; readonly options?: string; readonly json?: boolean },
  terminal: Terminal,
) => {
  const file = await findCampaignFile(csv, options);
  checkNotNamedByReport(csv, options.name);
  return withStack(options, async (opened) => {
    const { stack, atRest, simulated, words } = opened;
    noteOtherDirectory(options, terminal);
    // People who may only upload may not read the ledger; for them the splitter alone judges.
    const campaign = await unlessDenied(stack.campaigns.read(file.name, { consistent: true }));
    const use = await nameUse(file, campaign);
    if (use.kind === "other") throw new Refused(use.reason);
    if (use.kind === "same") {
      const warning = changedOptions(file, use.campaign);
      if (warning !== undefined) terminal.note(warning);
      if (options.json) return inJson({ uploaded: false }, file, terminal);
      const state = await unlessDenied(stateOf(opened, use.campaign));
      terminal.say(
        `${file.name} was uploaded before with exactly this content; nothing was uploaded.${state === undefined ? "" : ` ${state}.`}`,
      );
      return exitCodes.complete;
    }
    await lookAtList(file, { local: stack.local, simulated }, terminal);
    const arrived = await arrive(opened, file, campaign);
    if (options.json) return inJson(arrived, file, terminal);
    terminal.say(
      arrived.uploaded
        ? `${file.name} is uploaded to s3://${stack.outputs.BucketName}/${uploadKey(file.name, file.format)}.`
        : `${file.name} was uploaded before with exactly this content, and has not been judged yet; nothing was uploaded.`,
    );
    terminal.say(
      atRest
        ? `It will be sent while this runs: ${continues(opened)}`
        : `To watch it: ${copyable("status", file.name, "--watch", ...words)}`,
    );
    return exitCodes.complete;
  });
};

async function arrive(
  { stack, atRest }: OpenStack,
  file: CampaignFile,
  campaign: Campaign | undefined,
): Promise<Arrived> {
  // Nobody else uploads to a directory on which nothing runs, and nothing there is judged meanwhile.
  if (atRest) return { uploaded: true, version: await uploadFiles(stack.bucket, file) };
  const judged = campaign?.judged ?? [];
  return uploadBesideOthers({ bucket: stack.bucket, file, judged, says: flagsOfCommands });
}

function inJson(
  { uploaded, version }: Pick<Arrived, "uploaded"> & Partial<Arrived>,
  { name }: CampaignFile,
  terminal: Terminal,
): ExitCode {
  terminal.say(JSON.stringify({ name, uploaded, version }));
  return exitCodes.complete;
}

/** How a campaign stands, in words: what waits for a person, a day or an hour is not called running. */
async function stateOf(opened: OpenStack, campaign: CommittedCampaign): Promise<string> {
  if (campaign.state === "complete") return "It is complete";
  const live = liveOf(opened, campaign, await opened.stack.account.read());
  return stateInWords(await asShown(opened.stack, live), opened.atRest);
}

/**
 * Judges the list as the stack will, and shows what a person should see. Throws a Refused for what would be refused whatever the
 * stack's settings, and where nothing could be sent: those of a stack on AWS may differ from the ones here.
 */
async function lookAtList(
  file: CampaignFile,
  { local, simulated }: { readonly local: boolean; readonly simulated: boolean },
  terminal: Terminal,
): Promise<void> {
  const { defaults } = await settingsHere(simulated);
  const judged = local ? await judgeToSend(file, { defaults }) : await judgeList(file, { defaults });
  if (judged.kind === "refused") {
    const anywhere = await judgeForAnyStack(file, defaults);
    if (anywhere.kind === "refused") throw new Refused(await wholeRefusal(file, anywhere, ofAnyStack(defaults)));
    if (file.options !== undefined && file.options.given.length > 0) terminal.note(`With ${optionsInWords(file)}.`);
    terminal.note(
      `With the settings in ${settingsFileName} here the list would be refused, unlike perhaps with the stack's: ${await wholeRefusal(file, judged, defaults)}`,
    );
    return;
  }
  if (!local) terminal.note(`By the settings in ${settingsFileName} here, which may not be the stack's:`);
  const summary = summaryOf(file, judged, { defaults, at: Date.now() });
  for (const line of beforeSendingLines(summary, judged.end, file)) terminal.note(line);
  const nothing = whyNothing(file, judged);
  const anywhere = nothing === undefined || local ? nothing : await whyNothingAnywhere(file, defaults);
  if (anywhere !== undefined) throw new Refused(`Nothing was uploaded: ${anywhere}.`);
}
