import { uploadKey } from "../../shared/ports/bucket-layout.ts";
import { findCampaignFile } from "../campaign-file.ts";
import { exitCodes, Refused } from "../exit.ts";
import { type Target, targetOptions, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { changedOptions, nameUse, unlessDenied, uploadFiles } from "../upload-files.ts";

/** Uploads a CSV and its options as a campaign. The same content again changes nothing; other content is refused. */
export const upload = async (
  csv: string,
  options: Target & { readonly name?: string; readonly options?: string; readonly json?: boolean },
  terminal: Terminal,
) => {
  const file = await findCampaignFile(csv, options);
  return withStack(options, async ({ stack, atRest }) => {
    // People who may only upload may not read the ledger; for them the splitter alone judges.
    const campaign = await unlessDenied(stack.campaigns.read(file.name, { consistent: true }));
    const use = await nameUse(file, campaign);
    if (use.kind === "other") throw new Refused(use.reason);
    const version = use.kind === "free" ? await uploadFiles(stack.bucket, file) : undefined;
    if (options.json) {
      terminal.say(JSON.stringify({ name: file.name, uploaded: version !== undefined, version }));
      return exitCodes.complete;
    }
    if (use.kind === "same") {
      terminal.say(`${file.name} is already ${use.campaign.state} with exactly this content; nothing was uploaded.`);
      const warning = changedOptions(file, use.campaign);
      if (warning !== undefined) terminal.note(warning);
      return exitCodes.complete;
    }
    terminal.say(`${file.name} is uploaded to s3://${stack.outputs.BucketName}/${uploadKey(file.name, file.format)}.`);
    terminal.say(
      atRest
        ? "It will be sent when bulk-send run or bulk-send serve runs on this directory."
        : `bulk-send status ${file.name} --watch${targetOptions(options)} shows its progress.`,
    );
    return exitCodes.complete;
  });
};
