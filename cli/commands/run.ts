import { join } from "node:path";
import { counted } from "../../shared/in-words.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type CampaignFile, findCampaignFile } from "../campaign-file.ts";
import { defaultDataDirectory } from "../data-directory.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { type Followed, followCampaign } from "../follow-campaign.ts";
import { onInterruption } from "../interruption.ts";
import { type LocalCloud, startLocalCloud } from "../local-cloud.ts";
import { createProgress } from "../progress.ts";
import { copyReport, readFinalSummary } from "../report-files.ts";
import { summaryLines } from "../summary-lines.ts";
import type { Terminal } from "../terminal.ts";
import { otherOptions, standingOf, uploadFiles } from "../upload-files.ts";

/** What the command line says. */
export interface RunOptions {
  readonly name?: string;
  readonly options?: string;
  readonly endpoint?: string;
  readonly rate?: number;
  readonly out?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** Judging a million rows takes far less, in milliseconds. */
const slowMs = 60_000;

/** The whole pipeline on this machine, from a CSV to its report. The same command goes on where an earlier one stopped. */
export async function run(csv: string, options: RunOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  const signal = onInterruption(() =>
    terminal.note("Stopping: what is under way is still noted. Press Ctrl-C again to stop at once."),
  );
  const upload: { version?: string } = {};
  let over = false;
  await using cloud = await startLocalCloud({
    dataDir: options.data,
    endpoint: options.endpoint,
    rate: options.rate,
    onLog: (line) => terminal.note(line),
    prepare: async (stack, unfinished) => {
      const campaign = await stack.campaigns.read(file.name, { consistent: true });
      const standing = await standingOf(file, campaign);
      switch (standing.kind) {
        case "other":
          throw new Refused(standing.reason);
        case "free":
          if (signal.aborted) return false;
          upload.version = await uploadFiles(stack.bucket, file);
          break;
        case "same":
          terminal.note(
            standing.campaign.state === "complete"
              ? `${file.name} is complete already; nothing is sent again.`
              : `${file.name} goes on where it was.`,
          );
          if (otherOptions(file, standing.campaign))
            terminal.note(`Its options have changed since; they count no more, it goes by those it was planned with.`);
          over = standing.campaign.state === "complete";
          break;
        default:
          standing satisfies never;
      }
      for (const other of unfinished) {
        if (other.name !== file.name && other.state === "running")
          terminal.note(`${other.name}, which is not complete, goes on as well.`);
      }
      return !over && !signal.aborted;
    },
  });
  return await conclude(cloud, file, upload.version, options, terminal, signal);
}

async function conclude(
  cloud: LocalCloud,
  file: CampaignFile,
  version: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { stack } = cloud;
  const progress = createProgress(terminal);
  let announced = false;
  const show = (live: Summary) => {
    if (!announced) terminal.note(announcement(cloud, file.name, options.endpoint));
    announced = true;
    progress.show(live);
  };
  const slow = setTimeout(() => {
    if (announced) return;
    const log = join(options.data, "logs", "splitter.log");
    terminal.note(`The list is still being judged; ${log} says how. Ctrl-C and the same command begin again.`);
  }, slowMs);
  const watched = followCampaign(stack, file.name, { version, show, signal, nudges: true });
  const followed = await watched.finally(() => {
    clearTimeout(slow);
    progress.stop();
  });
  switch (followed.kind) {
    case "complete": {
      const directory = options.out ?? join("reports", file.name);
      const summary = await readFinalSummary(stack.bucket, file.name);
      await copyReport(stack.bucket, file.name, directory);
      if (options.json) terminal.say(JSON.stringify({ ...summary, reportDirectory: directory }));
      else for (const line of summaryLines(summary, directory)) terminal.say(line);
      return exitCodes.complete;
    }
    case "refused":
      throw new Refused(followed.reason);
    case "paused": {
      const { campaign, reason } = followed;
      if (options.json) {
        terminal.say(JSON.stringify({ name: file.name, state: "paused", reason, counts: campaign.tally }));
        return exitCodes.paused;
      }
      terminal.say(
        `${file.name} is paused with ${counted(campaign.tally.submitted, "row")} accepted. ${goesOn(followed, file.name, options.data)}`,
      );
      terminal.say(reason);
      return exitCodes.paused;
    }
    case "interrupted":
      terminal.note("Stopped; the same command goes on where it was.");
      return exitCodes.interrupted;
    default:
      return followed satisfies never;
  }
}

/** What makes it go on, apart from mending what the reason names. */
function goesOn({ whole, code }: Extract<Followed, { kind: "paused" }>, name: string, dataDir: string): string {
  if (code === "credentials") return "With other credentials in the environment the same command goes on.";
  const place = dataDir === defaultDataDirectory ? "--local" : `--local --data ${dataDir}`;
  return `When what the next line says is mended: bulk-send resume ${whole ? "" : `${name} `}${place}, and then the same command.`;
}

const announcement = ({ simulated, sendsPerSecond }: LocalCloud, name: string, endpoint: string | undefined) =>
  simulated
    ? `Sending ${name} to the built-in simulator, at most ${sendsPerSecond} a second; nothing leaves this machine.`
    : `Sending ${name} through ${endpoint}, at most ${sendsPerSecond} a second.`;
