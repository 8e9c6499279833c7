import { resolve } from "node:path";
import { awsFault, awsUnreachable, hasProfileInEnvironment, type WordsForAws } from "../cli/aws-fault.ts";
import { findCampaignFile } from "../cli/campaign-file.ts";
import { isUploaded, summaryNow } from "../cli/campaign-now.ts";
import { checkOpen, readDataSettings } from "../cli/data-directory.ts";
import { defaultDataDirectories, defaultStackName } from "../cli/defaults.ts";
import { Failure, Refused, Replaced } from "../cli/exit.ts";
import { followCampaign } from "../cli/follow-campaign.ts";
import { judgeForAnyStack, whyNothing, whyNothingAnywhere } from "../cli/judge-list.ts";
import { createOwnUpload } from "../cli/own-upload.ts";
import { copyReport, readFinalSummary, readUnderAnyForm } from "../cli/report-files.ts";
import { checkNotNamedByReport } from "../cli/send-again.ts";
import { openStack, type Stack } from "../cli/stack.ts";
import { targetOptions } from "../cli/target.ts";
import { uploadBesideOthers } from "../cli/upload-beside-others.ts";
import { hasOtherOptions, nameUse, unlessDenied } from "../cli/upload-files.ts";
import { findEmbeddedCloud } from "../infra/local/cloud-access.ts";
import { UnusableDirectory } from "../infra/local/make-directory.ts";
import type { GivenOptions } from "../shared/campaign/given-options.ts";
import { nameFault } from "../shared/campaign/name.ts";
import { copyable } from "../shared/copyable.ts";
import type { Summary } from "../shared/report/summary.ts";
import { shorten } from "../shared/shorten.ts";
import { type GivenList, membersOfOptions, untilAborted, withListFile } from "./list-file.ts";

/** Which bulk-send to work with. */
export type StackAddress = StackOnAws | StackHere;

/** A stack on AWS. What is absent, and the credentials, are found as the AWS SDK finds them. */
export interface StackOnAws {
  /** The stack's name; "BulkSend", if absent. */
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  /** A profile of the AWS configuration. */
  readonly profile?: string | undefined;
}

/** What `bulk-send serve` or `console` is running on this machine. */
export interface StackHere {
  /** The data directory that it runs on. */
  readonly data: string;
}

/** How a list is uploaded. */
export interface UploadingOptions {
  /** The campaign's options, in place of the JSON beside the list, which counts where the list is a path. */
  readonly options?: GivenOptions | undefined;
  /** The campaign's name; that of the file without its ending, if absent. */
  readonly name?: string | undefined;
  /** Ends the upload with the signal's reason; the campaign may have been started by then, and a repetition of the call tells. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of an upload. */
export interface Uploaded {
  /** The campaign's name. */
  readonly name: string;
  /** Whether anything was uploaded: false where exactly this content has been uploaded under this name already, with these options. */
  readonly uploaded: boolean;
  /** The version of the list that was uploaded, now or before and not judged yet: what `wait` and `status` tell it from others by. */
  readonly version?: string;
}

/** How a campaign stands. */
export type CampaignStanding =
  /** There is neither a campaign nor a list of this name. */
  | { readonly name: string; readonly state: "absent" }
  /** Its list, or the version of it that was asked about, is uploaded and has not been judged yet. */
  | { readonly name: string; readonly state: "uploaded" }
  /** Its list was refused as a whole; nothing was sent. */
  | { readonly name: string; readonly state: "refused"; readonly reason: string }
  | (Summary & { readonly state: Exclude<Summary["state"], "refused"> });

/** How waiting for a campaign ended. */
export type WaitResult =
  /** Every row has its outcome. */
  | { readonly kind: "complete"; readonly summary: Summary }
  /** Nothing was sent. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nothing is sent until a person acts. */
  | { readonly kind: "paused"; readonly reason: string };

/** Which upload of a campaign's name is meant. */
export interface AskingOptions {
  /** What `upload` returned as `version`: what became of other lists of this name does not count then. */
  readonly version?: string | undefined;
}

/** How a campaign is waited for. */
export interface WaitingOptions extends AskingOptions {
  /** Ends the wait, but not the campaign, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A report that was copied. */
export interface CopiedReport {
  readonly summary: Summary;
  /** The names of the files that are now in the directory. */
  readonly files: readonly string[];
}

/**
 * A bulk-send in use. What goes wrong with AWS is a Failure where a person can do something about it (credentials, rights, region,
 * network), whose `cause` is the SDK's error; its other errors come as they are.
 */
export interface BulkSendClient {
  /**
   * Uploads a list and its options, which starts the campaign. The same content and options under the same name again change
   * nothing. Throws a Refused, and uploads nothing, for a list that no stack would send, and for a name that has been used for other
   * content or with other options, be it at the same moment.
   */
  upload(list: GivenList, given?: UploadingOptions): Promise<Uploaded>;
  /**
   * How a campaign stands now. Throws a Refused for what cannot be a name, a Replaced when it is of another list than the given
   * version's, and a Failure when it is complete and its report has expired.
   */
  status(name: string, given?: AskingOptions): Promise<CampaignStanding>;
  /**
   * Waits until a campaign is complete, refused or paused. Throws a Failure when there is none of this name, and a Replaced when it
   * is of another list than the given version's.
   */
  wait(name: string, given?: WaitingOptions): Promise<WaitResult>;
  /**
   * Copies a campaign's report, or what there is of it, into a directory, which is made if need be. Only this user can read the
   * files, which have people's numbers in them. Throws a Failure when there is none, or the directory cannot be made.
   */
  report(name: string, directory: string): Promise<CopiedReport>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Finds a bulk-send. Throws a Failure when there is none, or one that this version cannot work with, and as the client does. */
export async function connect(address: StackAddress = {}): Promise<BulkSendClient> {
  const explained = explaining(address);
  const stack = await explained(
    "data" in address ? openHere(address.data) : openStack(address.stack ?? defaultStackName, address),
  );
  const words = targetOptions({ ...address, stack: stack.name });
  return {
    upload: (list, given = {}) =>
      withListFile(
        list,
        (path) => untilAborted(explained(upload(stack, path, given), given.signal), given.signal),
        given.signal,
      ),
    status: async (name, given = {}) => explained(standing({ stack, words }, nameOf(name), given)),
    wait: async (name, given = {}) => explained(wait({ stack, words }, nameOf(name), given), given.signal),
    report: async (asked, directory) => explained(report(stack, nameOf(asked), directory)),
    close: async () => stack[Symbol.dispose](),
  };
}

/** Waits for work with a stack. What goes wrong with AWS so that a person can do something about it is a Failure that says what. */
function explaining(address: StackAddress) {
  const words: WordsForAws = {
    region: "`region`",
    profile: "`profile`",
    hasProfile: ("profile" in address && address.profile !== undefined) || hasProfileInEnvironment(),
    instead: "",
    unreachable: (code) =>
      "data" in address
        ? `What was running on ${resolve(address.data)} does not answer any more (${code}).`
        : awsUnreachable(code),
  };
  return async <Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      const isOurs = error instanceof Failure || error instanceof Refused || signal?.aborted === true;
      const sentence = error instanceof Error && !isOurs ? awsFault(error, words) : undefined;
      throw sentence === undefined ? error : new Failure(sentence, { cause: error });
    }
  };
}

async function report(stack: Stack, asked: string, directory: string): Promise<CopiedReport> {
  const { name, summary } = await readUnderAnyForm(stack.bucket, asked);
  if (summary === undefined) throw new Failure(`There is no report for ${name}, or it has expired.`);
  const files = await copyReport(stack.bucket, name, directory).catch((cause: unknown) => {
    throw cause instanceof UnusableDirectory ? new Failure(cause.message, { cause }) : cause;
  });
  return { summary, files };
}

/** The name, if a campaign can have it. Throws a Refused if none can: the ledger has no place for every text. */
function nameOf(name: string): string {
  const fault = nameFault(name);
  if (fault !== undefined) throw new Refused(`${JSON.stringify(shorten(name, 80))} is no campaign's name. ${fault}`);
  return name;
}

async function openHere(data: string): Promise<Stack> {
  await checkOpen(data);
  const running = await findEmbeddedCloud(data);
  if (running === undefined) throw new Failure(`Nothing is running on ${resolve(data)}. ${await howToStart(data)}`);
  return openStack(running.stackName, running);
}

/** How to have something run on a directory. What has never run is not started here: the directory may be another than was meant. */
async function howToStart(data: string): Promise<string> {
  const settings = await readDataSettings(data);
  if (settings === undefined) {
    return `Name the directory that \`serve\` or \`console\` runs on: ${defaultDataDirectories.simulator} for the simulator, ${defaultDataDirectories.endpoint} with --endpoint, each in the folder in which it was started.`;
  }
  const through = settings.simulated ? [] : ["--endpoint", settings.endpoint];
  return `To start it: ${copyable("serve", ...through, "--data", data)}`;
}

async function upload(stack: Stack, path: string, { name, options, signal }: UploadingOptions): Promise<Uploaded> {
  signal?.throwIfAborted();
  const text = options === undefined ? undefined : { text: JSON.stringify(options) };
  const file = await findCampaignFile(path, { name, options: text, says: membersOfOptions });
  checkNotNamedByReport(path, name, membersOfOptions);
  // People who may only upload may not read the ledger; for them the splitter alone judges.
  const campaign = await unlessDenied(stack.campaigns.read(file.name, { consistent: true }));
  const use = await nameUse(file, campaign, membersOfOptions);
  if (use.kind === "other") throw new Refused(use.reason);
  if (use.kind === "same") {
    if (hasOtherOptions(file, use.campaign)) throw new Refused(otherOptions(file.name));
    return { name: file.name, uploaded: false };
  }
  const judged = await judgeForAnyStack(file, {}, signal);
  if (judged.kind === "refused") throw new Refused(judged.reason);
  const nothing = whyNothing(file, judged) && (await whyNothingAnywhere(file, {}, signal));
  if (nothing !== undefined) throw new Refused(`Nothing was uploaded: ${nothing}.`);
  const under = { bucket: stack.bucket, file, judged: campaign?.judged ?? [], says: membersOfOptions, signal };
  return { name: file.name, ...(await uploadBesideOthers(under)) };
}

const otherOptions = (name: string) =>
  `This list was sent as ${name} with other options, which the campaign keeps. Nothing was uploaded; with another \`name\` its people would be texted again.`;

interface Opened {
  readonly stack: Stack;
  /** What names it in a command, as words. */
  readonly words: readonly string[];
}

async function standing(opened: Opened, name: string, { version }: AskingOptions): Promise<CampaignStanding> {
  const { stack } = opened;
  const campaign = await stack.campaigns.read(name, { consistent: true });
  const fate = await createOwnUpload(stack, name, version)(campaign);
  switch (fate.kind) {
    case "own": {
      const { state, ...summary } = await summaryNow(opened, fate.campaign);
      if (state === "refused") throw new Error(`The report of ${name} says refused, and the ledger does not.`);
      return { ...summary, state };
    }
    case "waiting":
      return { name, state: version !== undefined || (await isUploaded(stack, name)) ? "uploaded" : "absent" };
    case "refused":
      return { name: campaign?.name ?? name, state: "refused", reason: fate.reason };
    case "replaced":
      throw new Replaced(fate.reason);
    default:
      return fate satisfies never;
  }
}

async function wait({ stack, words }: Opened, name: string, given: WaitingOptions): Promise<WaitResult> {
  const { version, signal = new AbortController().signal } = given;
  const campaign = await stack.campaigns.read(name, { consistent: true });
  if (campaign === undefined && version === undefined && !(await isUploaded(stack, name))) {
    throw new Failure(`There is no campaign ${name}.`);
  }
  const followed = await followCampaign(stack, name, { target: words, version, signal, nudges: stack.local });
  switch (followed.kind) {
    case "complete":
      return { kind: "complete", summary: await readFinalSummary(stack.bucket, followed.campaign.name) };
    case "refused":
    case "paused":
      return { kind: followed.kind, reason: followed.reason };
    case "replaced":
      throw new Replaced(followed.reason);
    case "interrupted":
      throw signal.reason;
    default:
      return followed satisfies never;
  }
}
