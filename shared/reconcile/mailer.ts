import type { Account } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { counted, iso, sentence } from "../in-words.ts";
import { reportFileNames, reportKey } from "../ports/bucket-layout.ts";
import type { Mail } from "../ports/mail.ts";
import { liveCounts } from "../report/live-counts.ts";
import { nextSteps } from "../report/next-steps.ts";

/** Mails what is new since the last time. */
export type Mailer = (campaigns: readonly Campaign[], account: Account) => Promise<void>;

/** Steps of a hold after which people are mailed: it has lasted for eight minutes or more. */
const stepsToMail = 4;

/**
 * Tells people when a campaign is complete or waits for them, and when the account is paused or on hold for long. A mail is
 * noted after it went out: a crash in between sends it again rather than never.
 */
export function createMailer(deps: {
  mail: Mail;
  campaigns: Pick<Campaigns, "change">;
  account: AccountStore;
}): Mailer {
  return async (campaigns, account) => {
    for (const campaign of campaigns) {
      const news = campaign.state === "refused" ? undefined : newsOf(campaign);
      if (news === undefined || campaign.state === "refused" || campaign.mailed === news.id) continue;
      await deps.mail(news.subject, news.text);
      await deps.campaigns.change(campaign, { state: campaign.state }, { mailed: news.id });
    }
    const news = accountNews(account, campaigns);
    if (news !== undefined && account.mailed !== news.id) {
      await deps.mail(news.subject, news.text);
      await deps.account.change((state) => ({ account: { ...state, mailed: news.id }, result: undefined }));
    }
  };
}

interface News {
  /** Kept once it has been mailed, so that it is mailed once. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

function newsOf(campaign: CommittedCampaign): News | undefined {
  const { name, state, totals, pause, rows } = campaign;
  if (state === "complete" && totals !== undefined) {
    const counts = { ...nothing, ...totals };
    const steps = nextSteps(name, counts, campaign.jsonVersion !== undefined);
    return {
      id: "complete",
      subject: `Complete: ${name}, ${counts.submitted} of ${rows} accepted`,
      text: `The campaign ${name} is over (${campaign.end?.why ?? "done"}).\n\n${figures(counts)}\n\n${steps.join("\n")}\n\nThe report is ${reportKey(name, reportFileNames.page)}, and bulk-send report ${name} copies it.\n`,
    };
  }
  // A person who paused it knows.
  if (state === "paused" && pause !== undefined && pause.code !== "person") {
    const { counts, remaining } = liveCounts(campaign);
    return {
      id: `paused ${pause.at}`,
      subject: `Paused: ${name}`,
      text: `The campaign ${name} waits for a person.\n\n${sentence(pause.reason)}\n\n${figures({ ...counts, "to go": remaining })}\n\nThen: bulk-send resume ${name}\n`,
    };
  }
  return undefined;
}

function accountNews({ pause, hold }: Account, campaigns: readonly Campaign[]): News | undefined {
  if (pause !== undefined && pause.code !== "person") {
    const next = pause.code === "credentials" ? "bulk-send credentials" : "bulk-send resume";
    return {
      id: `paused ${pause.at}`,
      subject: `Paused: all sending (${pause.code})`,
      text: `Nothing is sent until somebody acts.\n\n${sentence(pause.reason)}\n\n${waiting(campaigns)}\n\nThen: ${next}\n`,
    };
  }
  if (pause === undefined && hold !== undefined && hold.step >= stepsToMail) {
    return {
      id: `held ${hold.since}`,
      subject: "On hold: Enswitch has not been answering",
      text: `Since ${iso(hold.since)} sending is on hold: ${sentence(hold.reason)}\n\n${waiting(campaigns)}\n\nIt is retried automatically every ten minutes; nothing needs to be done unless the endpoint is wrong.\n`,
    };
  }
  return undefined;
}

const nothing = { submitted: 0, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 };

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
