import type { Account } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Pause } from "../account/pause.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { personOf } from "../campaign/person.ts";
import { copyable } from "../copyable.ts";
import { counted, moment, sentence } from "../in-words.ts";
import { type Bucket, smallText } from "../ports/bucket.ts";
import { reportFileNames, reportKey } from "../ports/bucket-layout.ts";
import type { Mail } from "../ports/mail.ts";
import { readJson } from "../read-json.ts";
import { costLines } from "../report/cost-in-words.ts";
import { headlineText } from "../report/headline.ts";
import { liveCounts } from "../report/live-counts.ts";
import { moreInManual, nextSteps } from "../report/next-steps.ts";
import { linesInWords } from "../report/places.ts";
import { Summary } from "../report/summary.ts";
import { shorten } from "../shorten.ts";

/** Mails what is new since the last time. */
export type Mailer = (campaigns: readonly Campaign[], account: Account) => Promise<void>;

/** Steps of a hold after which people are mailed: it has lasted for eight minutes or more. */
const stepsToMail = 4;

/**
 * Tells people when a campaign is complete or waits for them, when its list should be looked at while it can still be
 * stopped, and when the account is paused or on hold for long. A mail is noted after it went out: a crash in between sends
 * it again rather than never.
 */
export function createMailer(deps: {
  mail: Mail;
  bucket: Bucket;
  campaigns: Pick<Campaigns, "change">;
  account: AccountStore;
  /** What names this stack in a command that is shown, as words; absent: the default stack. */
  target?: readonly string[];
  /** Where people read the operations manual; absent: nowhere that could be linked to. */
  manual?: string;
}): Mailer {
  const { target = [], manual } = deps;
  const command: Command = (...words) => copyable(...words, ...target);
  return async (campaigns, account) => {
    for (const campaign of campaigns) {
      if (campaign.state === "refused" || !hasNews(campaign)) continue;
      const summary = await summaryOf(deps.bucket, campaign);
      const news = newsOf(campaign, summary, { command, manual });
      if (news !== undefined) await deps.mail(news.subject, news.text);
      // A campaign's pages may not be there yet; they are when it is looked at again.
      if (news === undefined && summary === undefined) continue;
      await deps.campaigns.change(campaign, { state: campaign.state }, { mailed: idOfNews(campaign) });
    }
    const news = accountNews(account, campaigns, { command, manual });
    if (news !== undefined && account.mailed !== news.id) {
      await deps.mail(news.subject, news.text);
      await deps.account.change((state) => ({ account: { ...state, mailed: news.id }, result: undefined }));
    }
  };
}

/** Whether there is something to tell about a campaign that was not told yet. */
export function hasNews(campaign: CommittedCampaign): boolean {
  const id = idOfNews(campaign);
  return id !== undefined && campaign.mailed !== id;
}

/** Writes a command, given as words, so that it can be copied and run on this stack. */
type Command = (...words: readonly string[]) => string;

interface News {
  readonly subject: string;
  readonly text: string;
}

interface AccountNews extends News {
  readonly id: string;
}

/** What there may be to tell about a campaign, by which it is known whether it was told already. */
function idOfNews({ state, totals, pause, mailed }: CommittedCampaign): string | undefined {
  if (totals !== undefined) return "complete";
  // A person who paused it knows.
  if (pause !== undefined && pause.code !== "person") return `paused ${pause.at}`;
  return state === "running" && mailed === undefined ? "planned" : undefined;
}

/** The summary beside a campaign's page, where this version can read it. */
async function summaryOf(bucket: Bucket, { name }: CommittedCampaign): Promise<Summary | undefined> {
  const text = await smallText(bucket, reportKey(name, reportFileNames.summary));
  const summary = Summary.safeParse(text === undefined ? undefined : readJson(text));
  return summary.success && summary.data.name === name ? summary.data : undefined;
}

/** What leads a reader on: commands to copy, and the operations manual. */
interface Hints {
  readonly command: Command;
  readonly manual: string | undefined;
}

function newsOf(
  campaign: CommittedCampaign,
  summary: Summary | undefined,
  { command, manual }: Hints,
): News | undefined {
  const { name, totals, pause, rows, end } = campaign;
  const warnings = warningsInWords(summary?.warnings ?? []);
  const simulated = campaign.simulated ? "Simulated, " : "";
  const opening = (word: string) => (simulated === "" ? word : `${simulated}${word.toLowerCase()}`);
  if (totals !== undefined) {
    const steps =
      summary?.state === "complete" ? summary.nextSteps : nextSteps(name, totals, campaign.jsonVersion !== undefined);
    return {
      subject: `${opening(endings[end?.why ?? "done"])}: ${name}, ${totals.submitted} of ${rows} accepted`,
      text: `The campaign ${name} is over.${summary?.state === "complete" ? `\n\n${headlineText(summary)}.` : ""}\n\n${figures(totals)}\n\n${costInMail(summary)}${steps.join("\n")}\n\n${warnings}The report is ${reportKey(name, reportFileNames.page)}. To copy it: ${command("report", name)}\n`,
    };
  }
  if (pause?.code === "approval") {
    const { subject, text } = approvalNews(campaign, pause, warnings, summary, command);
    return { subject, text: `${text}${lineInManual(manual, "pause-approval")}` };
  }
  if (pause !== undefined) {
    const { counts, remaining } = liveCounts(campaign);
    return {
      subject: `${opening("Paused")}: ${name}`,
      text: `The ${simulated === "" ? "" : "simulated "}campaign ${name} waits for a person.\n\n${sentence(pause.reason)}\n\n${figures({ ...counts, "to go": remaining })}\n\n${costInMail(summary)}${warnings}Then: ${command("resume", name)}\n${lineInManual(manual, `pause-${pause.code}`)}`,
    };
  }
  if (warnings === "") return undefined;
  return {
    subject: `${opening("Look at this")}: ${name}`,
    text: `The ${simulated === "" ? "" : "simulated "}campaign ${name} is being sent: ${counted(campaign.sendable, "message")}. About its list there is something to look at.\n\n${costInMail(summary)}${warnings}If something is wrong: ${command("pause", name)}\n`,
  };
}

/** How a mail's subject calls the ways in which a campaign ends. */
const endings = {
  done: "Complete",
  cancelled: "Cancelled",
  sendBefore: "Ended early",
  retention: "Ended early",
} as const;

/** What somebody who may approve it has to know: what it sends, where to look, and the commands. No texts or numbers. */
function approvalNews(
  { name, run, sendable: planned, rows, segments: plannedSegments, uploadedBy, simulated }: CommittedCampaign,
  { reason }: Pause,
  warnings: string,
  summary: Summary | undefined,
  command: Command,
): News {
  // The summary leaves out who would get nothing now.
  const now = summary?.approval?.plan === run ? summary : undefined;
  const sendable = now?.remaining ?? planned;
  const segments = now?.segments.total ?? plannedSegments;
  const countries = (summary?.recipients ?? []).map(
    ({ country, messages }) => `  to ${country === "" ? "unknown countries" : country}: ${messages}`,
  );
  const lines = [`  messages: ${sendable} of ${counted(rows, "row")}`, `  segments: ${segments}`, ...countries];
  return {
    subject: `${simulated ? "Simulated, approval" : "Approval"} needed: ${name}, ${counted(sendable, "message")}`,
    text: `The ${simulated ? "simulated " : ""}campaign ${name} waits for approval. ${sentence(reason)}\n\n${lines.join("\n")}\n\n${costInMail(summary)}Uploaded by ${personOf(uploadedBy)}. Its texts are in ${reportKey(name, reportFileNames.page)}.\n\n${warnings}To let it go on: ${command("approve", name)}\nTo refuse it: ${command("cancel", name)}\n`,
  };
}

const costInMail = (summary: Summary | undefined): string => {
  const lines = summary === undefined ? [] : costLines(summary);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n\n`;
};

/** What a person should look at, a paragraph each. Cells are not quoted: a mail goes further than a report. */
const warningsInWords = (warnings: NonNullable<Summary["warnings"]>): string =>
  warnings.length === 0
    ? ""
    : `To look at:\n${warnings
        .slice(0, warningsMailed)
        .map(
          ({ text, count, lines = [] }) =>
            `- ${shorten(sentence(text), 600)}${lines.length > 0 ? ` (${linesInWords(lines, (count ?? 0) > lines.length)})` : ""}\n`,
        )
        .join("")}${warnings.length > warningsMailed ? "- and more, on its page.\n" : ""}\n`;

const warningsMailed = 20;

/** The manual's entry as a line of its own. */
const lineInManual = (manual: string | undefined, entry: string): string =>
  moreInManual(manual, entry)
    .map((line) => `${line}\n`)
    .join("");

function accountNews(
  { pause, hold }: Account,
  campaigns: readonly Campaign[],
  { command, manual }: Hints,
): AccountNews | undefined {
  if (pause !== undefined && pause.code !== "person") {
    const next = command(pause.code === "credentials" ? "credentials" : "resume");
    return {
      id: `paused ${pause.at}`,
      subject: `Paused: all sending (${pause.code})`,
      text: `Nothing is sent until somebody acts.\n\n${sentence(pause.reason)}\n\n${waiting(campaigns)}\n\nThen: ${next}\n${lineInManual(manual, `pause-${pause.code}`)}`,
    };
  }
  if (pause === undefined && hold !== undefined && hold.step >= stepsToMail) {
    return {
      id: `held ${hold.since}`,
      subject: "On hold: Enswitch has not been answering",
      text: `Since ${moment(hold.since)} sending is on hold: ${sentence(hold.reason)}\n\n${waiting(campaigns)}\n\nIt is retried automatically every ten minutes; nothing needs to be done unless the endpoint is wrong.\n${lineInManual(manual, "hold-the-endpoint-fails")}`,
    };
  }
  return undefined;
}

const figures = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `  ${status}: ${count}`)
    .join("\n");

/** What all campaigns together still have to send. */
function waiting(campaigns: readonly Campaign[]): string {
  const unfinished = campaigns.flatMap((campaign) =>
    campaign.state === "running" || campaign.state === "paused" ? [campaign] : [],
  );
  if (unfinished.length === 0) return "No campaign waits for it.";
  const rows = unfinished.reduce((sum, campaign) => sum + liveCounts(campaign).remaining, 0);
  return `${counted(unfinished.length, "campaign")} with ${counted(rows, "row")} to go ${unfinished.length === 1 ? "waits" : "wait"} for it.`;
}
