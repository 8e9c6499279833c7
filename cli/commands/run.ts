import { join } from "node:path";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { counted } from "../../shared/in-words.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type CampaignFile, findCampaignFile } from "../campaign-file.ts";
import { defaultStackName } from "../defaults.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { type Followed, followCampaign } from "../follow-campaign.ts";
import { stopSendingOnInterruption } from "../interruption.ts";
import { type LocalCloud, startLocalCloud } from "../local-cloud.ts";
import { createProgress } from "../progress.ts";
import { copyReport, readFinalSummary } from "../report-files.ts";
import type { Stack } from "../stack.ts";
import { summaryLines } from "../summary-lines.ts";
import { targetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { changedOptions, nameUse, uploadFiles } from "../upload-files.ts";

/** The options of the command line. */
export interface RunOptions {
  readonly name?: string;
  readonly options?: string;
  readonly endpoint?: string;
  readonly rate?: number;
  readonly out?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** One run of the command. */
interface Run {
  readonly file: CampaignFile;
  readonly options: RunOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** How long judging may take before a note says so, in milliseconds; a million rows take far less. */
const slowMs = 60_000;

/** Runs everything on this machine, from a CSV to its report. The same command continues where an earlier one stopped. */
export async function run(csv: string, options: RunOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  const signal = stopSendingOnInterruption(terminal);
  const started: Run = { file, options, terminal, signal };
  let version: string | undefined;
  await using cloud = await startLocalCloud({
    dataDir: options.data,
    endpoint: options.endpoint,
    rate: options.rate,
    onLog: (line) => terminal.note(line),
    prepare: async (stack, unfinished) => {
      const prepared = await prepare(started, stack, unfinished);
      version = prepared.version;
      return prepared.sends && !signal.aborted;
    },
  });
  const followed = await follow(started, cloud, version);
  return await conclude(started, cloud, followed);
}

/** Uploads the file unless its campaign exists already. `version` is the uploaded CSV's, `sends` whether there is work left. */
async function prepare(
  { file, terminal, signal }: Run,
  stack: Stack,
  unfinished: readonly CommittedCampaign[],
): Promise<{ readonly version?: string; readonly sends: boolean }> {
  const use = await nameUse(file, await stack.campaigns.read(file.name, { consistent: true }));
  if (use.kind === "other") throw new Refused(use.reason);
  if (use.kind === "free" && signal.aborted) return { sends: false };
  const version = use.kind === "free" ? await uploadFiles(stack.bucket, file) : undefined;
  const complete = use.kind === "same" && use.campaign.state === "complete";
  if (use.kind === "same") {
    terminal.note(
      complete
        ? `${file.name} is complete already; nothing is sent again.`
        : `${file.name} continues where it left off.`,
    );
    const warning = changedOptions(file, use.campaign);
    if (warning !== undefined) terminal.note(warning);
  }
  for (const other of unfinished) {
    if (other.name === file.name || other.state !== "running") continue;
    terminal.note(`${other.name}, which is not complete, continues as well.`);
  }
  return { version, sends: !complete };
}

async function follow(
  { file, options, terminal, signal }: Run,
  cloud: LocalCloud,
  version: string | undefined,
): Promise<Followed> {
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
    terminal.note(`The list is still being judged; see ${log}. Press Ctrl-C and repeat the command to start over.`);
  }, slowMs);
  try {
    return await followCampaign(cloud.stack, file.name, { version, show, signal, nudges: true });
  } finally {
    clearTimeout(slow);
    progress.stop();
  }
}

async function conclude(
  { file, options, terminal }: Run,
  { stack }: LocalCloud,
  followed: Followed,
): Promise<ExitCode> {
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
      const accepted = counted(campaign.tally.submitted, "row");
      terminal.say(
        `${file.name} is paused with ${accepted} accepted. ${howToResume(followed, file.name, options.data)}`,
      );
      terminal.say(reason);
      return exitCodes.paused;
    }
    case "interrupted":
      terminal.note("Stopped; the same command continues where it left off.");
      return exitCodes.interrupted;
    default:
      return followed satisfies never;
  }
}

/** How to resume once the problem that the reason names is fixed. */
function howToResume({ whole, code }: Extract<Followed, { kind: "paused" }>, name: string, data: string): string {
  if (code === "credentials") return "With other credentials in the environment, the same command continues.";
  const resume = `bulk-send resume${whole ? "" : ` ${name}`}${targetOptions({ stack: defaultStackName, local: true, data })}`;
  return `Once the problem on the next line is fixed: ${resume}, then the same command again.`;
}

const announcement = ({ simulated, sendsPerSecond }: LocalCloud, name: string, endpoint: string | undefined) =>
  simulated
    ? `Sending ${name} to the built-in simulator, at most ${sendsPerSecond} a second; nothing leaves this machine.`
    : `Sending ${name} through ${endpoint}, at most ${sendsPerSecond} a second.`;
