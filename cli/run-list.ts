import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitsForApproval } from "../shared/campaign/approval-rule.ts";
import type { CommittedCampaign } from "../shared/campaign/campaign.ts";
import { copyable } from "../shared/copyable.ts";
import { probeEndpoint } from "../shared/enswitch/probe-endpoint.ts";
import { createSuppressions, type Suppressions } from "../shared/feed/suppression.ts";
import { counted, sentence } from "../shared/in-words.ts";
import { waitsForApprover } from "../shared/reconcile/judge-approvals.ts";
import type { Summary } from "../shared/report/summary.ts";
import { alsoContinuing } from "./also-continuing.ts";
import { recipientsInWords } from "./approval-lines.ts";
import { askAtTerminal, somebodyCanAnswer } from "./ask.ts";
import { approveHere, askApproval, whatIsApproved } from "./ask-approval.ts";
import { type CampaignFile, findCampaignFile } from "./campaign-file.ts";
import { asShown } from "./campaign-now.ts";
import { beforeSendingLines } from "./check-lines.ts";
import { defaultStackName, simulatorSender } from "./defaults.ts";
import { demonstratedSettings } from "./demonstration.ts";
import { type ExitCode, exitCodes, Failure, Refused, Replaced } from "./exit.ts";
import { explainError } from "./explain-error.ts";
import { type Followed, followCampaign, liveOf } from "./follow-campaign.ts";
import { stopSendingOnInterruption } from "./interruption.ts";
import { judgeToSend, settingsHere, summaryOf, whyNothing } from "./judge-list.ts";
import type { ListFlags } from "./list-flags.ts";
import { createLivePages, writeIndex } from "./live-pages.ts";
import { checkReplies, type LocalCloud, type LocalRequest, startLocalCloud } from "./local-cloud.ts";
import { createProgress, type Look } from "./progress.ts";
import { privateAuthority } from "./project-settings.ts";
import {
  checkReportPlace,
  copyReport,
  readFinalSummary,
  reportDirectory,
  reportsFolder,
  sayWhereThePageIs,
} from "./report-files.ts";
import { checkNotNamedByReport, stepsAfterRun } from "./send-again.ts";
import type { SimulatorThread } from "./simulator-thread.ts";
import type { Stack } from "./stack.ts";
import { summaryLines } from "./summary-lines.ts";
import { targetOptions } from "./target.ts";
import type { Terminal } from "./terminal.ts";
import { changedOptions, nameUse, uploadFiles } from "./upload-files.ts";

/** The options of the command line. */
export type RunOptions = ListFlags & {
  readonly name?: string;
  readonly options?: string;
  readonly endpoint?: string;
  readonly rate?: number;
  /** The share of people who answer the simulator, most of them with STOP. */
  readonly replies?: number;
  readonly out?: string;
  readonly data?: string;
  readonly json?: boolean;
  /** Sends without asking, whatever the warnings. */
  readonly yes?: boolean;
};

/** What a demonstration adds: calls that go wrong, and somebody who acts while the campaign runs. */
export interface Play {
  readonly demonstrated: true;
  readonly act: (stack: Stack, look: Look) => Promise<void>;
}

/** One run of the command. */
interface Run {
  readonly file: CampaignFile;
  readonly options: RunOptions;
  readonly data: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Whether it is the demonstration, to which the project's settings do not apply. */
  readonly demonstrated: boolean;
  /** Whether the person said yes where the stack's `approval` asks for it. */
  approved: boolean;
}

/** How long judging may take here before a note says what is going on, in milliseconds. */
const longJudgingMs = 2_000;

/** How long judging may take before a note says so, in milliseconds; a million rows take far less. */
const slowMs = 60_000;

/** Where a run keeps everything, and the built-in simulator, which loads meanwhile, where messages go to it. */
export interface RunPlace {
  readonly data: string;
  readonly simulator: SimulatorThread | undefined;
}

/**
 * Runs everything on this machine, from a CSV to its report. A new list is judged first, before anything is uploaded, so
 * that a person sees what is doubtful about it, and before anything starts where nothing has run yet. The same command continues where an earlier one stopped.
 */
export async function runList(
  csv: string,
  options: RunOptions,
  terminal: Terminal,
  { data, simulator }: RunPlace,
  play?: Play,
): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  checkNotNamedByReport(csv, options.name);
  const { endpoint, replies } = options;
  const replying = { endpoint, replies, country: file.options?.read.country, demonstrated: play?.demonstrated };
  await checkReplies(replying);
  const signal = stopSendingOnInterruption(terminal);
  const demonstrated = play !== undefined;
  const started: Run = { file, options, data, terminal, signal, demonstrated, approved: options.yes === true };
  if (options.endpoint !== undefined && somebodyCanAnswer()) await reachEndpoint(options.endpoint, terminal);
  // On a new directory the list is a new campaign, and a refusal leaves nothing behind.
  const isNew = !existsSync(data);
  if (isNew) await lookAtList(started);
  const code = signal.aborted ? exitCodes.interrupted : await send(started, { ...replying, simulator }, isNew, play);
  // Not before all is recorded: whoever reads it may press Ctrl-C again, which ends the process at once.
  if (code === exitCodes.interrupted) terminal.note("Stopped; the same command continues where it left off.");
  return code;
}

/** Sends the list, and returns when everything has stopped again. `seen`: the person has seen what it would send. */
async function send(
  started: Run,
  request: Pick<LocalRequest, "endpoint" | "replies" | "country" | "demonstrated" | "simulator">,
  seen: boolean,
  play: Play | undefined,
): Promise<ExitCode> {
  const { data, options, terminal, signal } = started;
  let version: string | undefined;
  terminal.step("Starting …");
  await using cloud = await startLocalCloud({
    ...request,
    dataDir: data,
    rate: options.rate,
    onLog: (line) => terminal.note(line),
    prepare: async (stack, unfinished) => {
      const prepared = await prepare(started, stack, unfinished, seen);
      version = prepared.version;
      return prepared.sends && !signal.aborted;
    },
  });
  const followed = await follow(started, cloud, version, play);
  return await conclude(started, cloud, followed);
}

/**
 * A person who has mistyped the host learns it at once, before anything begins; where nobody waits, sending holds until
 * the host answers. Throws a Failure with the reason.
 */
async function reachEndpoint(endpoint: string, terminal: Terminal): Promise<void> {
  terminal.step(`Trying ${endpoint} …`);
  const reached = await probeEndpoint({ endpoint, ca: await privateAuthority() });
  if (reached.kind === "reachable") return;
  const cause = reached.cause.replace(/^[a-z]/u, (letter) => letter.toUpperCase());
  throw new Failure(`${sentence(cause)} Nothing was sent; check --endpoint, and the network.`);
}

/**
 * Judges the list and shows what a person should see before it is sent. Throws a Refused for a list that is refused, or of
 * which nothing can be sent, or when somebody who is asked does not want to send it after all. `lists`: who is left out, as far as that is known. Doubts alone
 * stop nothing where nobody can be asked.
 */
async function lookAtList(started: Run, lists?: Suppressions): Promise<void> {
  const { file, options, terminal, signal, demonstrated } = started;
  const simulated = options.endpoint === undefined;
  const { defaults, settings } = await settingsHere(simulated, demonstrated ? demonstratedSettings : undefined);
  const slow = setTimeout(() => terminal.note(`Judging ${file.csv} …`), longJudgingMs);
  const judged = await judgeToSend(file, { defaults, signal, lists, previewed: settings.approval !== "never" })
    .catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    })
    .finally(() => clearTimeout(slow));
  if (judged === undefined) return;
  const summary = summaryOf(file, judged, { defaults, at: Date.now() });
  for (const line of beforeSendingLines(summary, judged.end, file)) terminal.note(line);
  const nothing = whyNothing(file, judged);
  if (nothing !== undefined) throw new Refused(`Nothing was sent, and the name ${file.name} is free: ${nothing}.`);
  if (simulated && judged.messages.some(({ snumber }) => snumber === simulatorSender) && namesNoSender(file)) {
    terminal.note(
      `Nothing names a sender, so the simulator takes ${simulatorSender}; a real endpoint needs --from or the option snumber.`,
    );
  }
  const { totals, warnings, dialect } = judged.end;
  const doubtful = warnings.length > 0 || dialect.guessed;
  const waits = waitsForApproval(settings.approval, totals.planned.sendable);
  if (options.yes || !somebodyCanAnswer()) return;
  const texts = counted(totals.sendable, "text");
  if (waits) {
    const where = recipientsInWords(judged.countries ?? []);
    started.approved = await askAtTerminal.confirm(`Send ${texts} (${where})?`, false);
    if (started.approved) return;
    throw new Refused("Nothing was sent.");
  }
  if (!doubtful || options.endpoint === undefined) return;
  if (await askAtTerminal.confirm(`Send ${texts} anyway?`, false)) return;
  throw new Refused("Nothing was sent. Correct the list, or repeat the command with --yes.");
}

const namesNoSender = ({ options }: CampaignFile) => options?.read.snumber === undefined;

/** Uploads the file unless its campaign exists already. `version` is the uploaded CSV's, `sends` whether there is work left. */
async function prepare(
  started: Run,
  stack: Stack,
  unfinished: readonly CommittedCampaign[],
  seen: boolean,
): Promise<{ readonly version?: string; readonly sends: boolean }> {
  const { file, options, terminal, signal } = started;
  const use = await nameUse(file, await stack.campaigns.read(file.name, { consistent: true }));
  if (use.kind === "other") throw new Refused(use.reason);
  if (use.kind === "free" && !seen) await lookAtList(started, await createSuppressions(stack.bucket)());
  if (use.kind === "free" && signal.aborted) return { sends: false };
  const complete = use.kind === "same" && use.campaign.state === "complete";
  if (!complete) await checkReportPlace(directoryOf(file, options));
  if (use.kind === "same" && waitsForApprover(use.campaign)) await approveWaiting(started, stack, use.campaign);
  const version = use.kind === "free" ? await uploadFiles(stack.bucket, file) : undefined;
  if (use.kind === "same") {
    terminal.note(
      complete
        ? `${file.name} is complete already; nothing is sent again.`
        : `${file.name} continues where it left off.`,
    );
    const warning = changedOptions(file, use.campaign);
    if (warning !== undefined) terminal.note(warning);
  }
  for (const line of alsoContinuing(unfinished, file.name)) terminal.note(line);
  return { version, sends: !complete };
}

/** A campaign that waits from an earlier run is shown as it was planned, whatever the list and its options say now. */
async function approveWaiting({ options, terminal }: Run, stack: Stack, campaign: CommittedCampaign): Promise<void> {
  if (!options.yes && !somebodyCanAnswer()) return;
  await askApproval(await whatIsApproved(stack, campaign), options.yes === true, terminal);
  const { kind, sentence } = await approveHere(stack, campaign);
  if (kind === "refused") throw new Refused(sentence);
}

async function follow(
  { file, options, data, terminal, signal, approved }: Run,
  cloud: LocalCloud,
  version: string | undefined,
  play: Play | undefined,
): Promise<Followed> {
  const progress = createProgress(terminal);
  const pages = createLivePages({
    campaigns: cloud.stack.campaigns,
    directory: directoryOf(file, options),
    indexIn: options.out === undefined ? reportsFolder : undefined,
    onProblem: (error) => terminal.note(`The page cannot be written meanwhile: ${explainError(error).sentence}`),
  });
  let announced = false;
  const show = async (look: Look, whole: () => Promise<Summary>) => {
    if (!announced) terminal.note(announcement(cloud, file.name, options.endpoint));
    announced = true;
    progress.show(look);
    pages.show(look.live.state, whole);
    await play?.act(cloud.stack, look);
  };
  const slow = setTimeout(() => {
    if (announced) return;
    const log = join(data, "logs", "splitter.log");
    terminal.note(`The list is still being judged; see ${log}. Press Ctrl-C and repeat the command to start over.`);
  }, slowMs);
  try {
    const following = { target: targetHere(data), version, show, signal, nudges: true };
    const followed = await followCampaign(cloud.stack, file.name, following);
    // Only what was uploaded just now is what the person was shown and said yes to.
    const shown = approved && version !== undefined;
    if (!shown || followed.kind !== "paused" || followed.code !== "approval") return followed;
    await approveHere(cloud.stack, followed.campaign);
    return await followCampaign(cloud.stack, file.name, following);
  } finally {
    clearTimeout(slow);
    progress.stop();
    await pages.stop();
  }
}

const directoryOf = ({ name }: CampaignFile, { out }: RunOptions) => out ?? reportDirectory(name);

async function conclude(
  { file, options, data, terminal, demonstrated }: Run,
  { stack, simulated }: LocalCloud,
  followed: Followed,
): Promise<ExitCode> {
  switch (followed.kind) {
    case "complete": {
      const directory = directoryOf(file, options);
      const summary = await readFinalSummary(stack.bucket, file.name);
      try {
        await copyReport(stack.bucket, file.name, directory);
        if (options.out === undefined) await writeIndex(stack.campaigns, reportsFolder, Date.now());
      } catch (cause) {
        throw new Failure(notCopied(summary, { directory, data, demonstrated }, cause), { cause });
      }
      if (options.json) terminal.say(JSON.stringify({ ...summary, reportDirectory: directory }));
      else {
        const steps = demonstrated ? summary.nextSteps : stepsAfterRun(summary, { file, told: options, directory });
        for (const line of summaryLines(summary, directory, steps)) terminal.say(line);
        sayWhereThePageIs(directory, terminal);
      }
      return exitCodes.complete;
    }
    case "refused":
      throw new Refused(followed.reason);
    case "replaced":
      throw new Replaced(followed.reason);
    case "paused": {
      const { campaign, reason } = followed;
      if (options.json) {
        const live = liveOf({ stack, words: targetHere(data) }, campaign, await stack.account.read());
        terminal.say(JSON.stringify(await asShown(stack, live)));
        return exitCodes.paused;
      }
      const accepted = `${counted(campaign.tally.submitted, "row")} ${simulated ? "simulated" : "accepted"}`;
      terminal.say(`${file.name} is paused with ${accepted} so far. ${howToResume(followed, file.name, data)}`);
      terminal.say(reason);
      return exitCodes.paused;
    }
    case "interrupted":
      return exitCodes.interrupted;
    default:
      return followed satisfies never;
  }
}

/** What was sent, and where its report is that could not be copied. Of a demonstration nothing is kept. */
function notCopied(
  summary: Summary,
  { directory, data, demonstrated }: { readonly directory: string } & Pick<Run, "data" | "demonstrated">,
  cause: unknown,
): string {
  const [sent = ""] = summaryLines(summary, undefined);
  const failed = `But the report cannot be put into ${directory}: ${sentence(explainError(cause).sentence)}`;
  if (demonstrated) return `${sent} ${failed}`;
  const elsewhere = copyable("report", summary.name, ...targetHere(data), "--out", "elsewhere");
  return `${sent} ${failed} Once that is fixed, the same command copies it and sends nothing again. To copy it elsewhere: ${elsewhere}`;
}

const targetHere = (data: string) => targetOptions({ stack: defaultStackName, local: true, data });

/** How to resume once the problem that the reason names is fixed, if there is any: a person may have paused it. */
function howToResume({ whole, code }: Extract<Followed, { kind: "paused" }>, name: string, data: string): string {
  if (code === "credentials") return "With other credentials in the environment, the same command continues.";
  const target = targetHere(data);
  if (code === "approval") {
    return `Once it is approved, the same command sends it. To approve it: ${copyable("approve", name, ...target)}`;
  }
  const resume = copyable("resume", ...(whole ? [] : [name]), ...target);
  return code === "person"
    ? `To go on, give the same command again after: ${resume}`
    : `Once the problem on the next line is fixed, give the same command again after: ${resume}`;
}

const announcement = ({ simulated, sendsPerSecond }: LocalCloud, name: string, endpoint: string | undefined) =>
  simulated
    ? `Sending ${name} to the built-in simulator, at most ${sendsPerSecond} a second; nothing leaves this machine.`
    : `Sending ${name} through ${endpoint}, at most ${sendsPerSecond} a second.`;
