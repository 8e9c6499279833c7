import { csvKey } from "../../shared/ports/bucket-layout.ts";
import { findCampaignFile } from "../campaign-file.ts";
import { exitCodes, Refused } from "../exit.ts";
import { atPlace, type Place, placeWords } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { otherOptions, standingOf, unlessDenied, uploadFiles } from "../upload-files.ts";

/** Uploads a CSV with its options as a campaign. The same content again changes nothing, other content is refused. */
export const upload = (
  csv: string,
  options: Place & { readonly name?: string; readonly options?: string; readonly json?: boolean },
  terminal: Terminal,
) =>
  findCampaignFile(csv, options).then((file) =>
    atPlace(options, async ({ stack, atRest }) => {
      // Who may only upload may not look either; then the splitter alone judges.
      const campaign = await unlessDenied(stack.campaigns.read(file.name, { consistent: true }));
      const standing = await standingOf(file, campaign);
      if (standing.kind === "other") throw new Refused(standing.reason);
      const version = standing.kind === "free" ? await uploadFiles(stack.bucket, file) : undefined;
      if (options.json) {
        terminal.say(JSON.stringify({ name: file.name, uploaded: version !== undefined, version }));
        return exitCodes.complete;
      }
      if (standing.kind === "same") {
        const { state } = standing.campaign;
        terminal.say(
          `${file.name} is ${state === "complete" ? "complete" : state} already with this very content; nothing was uploaded.`,
        );
        if (otherOptions(file, standing.campaign))
          terminal.note("Its options have changed since; they count no more, it goes by those it was planned with.");
        return exitCodes.complete;
      }
      terminal.say(`${file.name} is uploaded to s3://${stack.outputs.BucketName}/${csvKey(file.name)}.`);
      terminal.say(
        atRest
          ? "It is sent when bulk-send run or bulk-send serve works on the directory."
          : `bulk-send status ${file.name} --watch${placeWords(options)} shows how it goes on.`,
      );
      return exitCodes.complete;
    }),
  );
