import { type Account, rateOf, reopenDay } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { OlderHistory } from "../campaign/older-history.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { ReadReplies } from "../opt-outs/read-replies.ts";
import { replyNumbers } from "../opt-outs/reply-numbers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type Advance, type AdvanceDeps, advance } from "./advance.ts";
import type { Announce } from "./announce.ts";
import { type Attempts, createAttempts } from "./attempts.ts";
import type { CampaignIndex } from "./campaign-index.ts";
import { type ActiveCampaign, conclude, type ExamineDeps, examine, type RepliesSince } from "./examine.ts";
import { tidy } from "./finish.ts";
import { type JudgeApprovalsDeps, judgeApprovals } from "./judge-approvals.ts";
import type { ListCampaigns } from "./list-campaigns.ts";
import type { Mailer } from "./mailer.ts";
import { resumeOnNewCredentials, type SecretVersion } from "./new-credentials.ts";
import type { Refresh } from "./refresh.ts";

/** What a look depends on. */
export interface LookDeps extends ExamineDeps, AdvanceDeps, JudgeApprovalsDeps {
  readonly campaigns: Pick<Campaigns, "read" | "change">;
  readonly clock: Clock;
  readonly list: ListCampaigns;
  readonly older: OlderHistory;
  readonly index: Pick<CampaignIndex, "latest" | "writeOlder">;
  readonly account: AccountStore;
  readonly secret: SecretVersion;
  readonly refresh: Refresh;
  readonly mailer: Mailer;
  readonly announce: Announce;
  /** Looks for uploads that were never judged because their event was lost. */
  readonly findMissedUploads: (campaigns: readonly Campaign[], unreadable: ReadonlySet<string>) => Promise<void>;
  /** Reads what people have texted back; where the stack does not want it, that is noted. */
  readonly readReplies: ReadReplies;
  /** Puts the console's page in its place; absent: the stack has none. */
  readonly publishPage?: () => Promise<void>;
  readonly metrics: Metrics;
  /** The stack's `maxMessagesPerDay`; absent: no limit. */
  readonly maxPerDay?: number;
}

/** How much sending is kept in the queue, over all campaigns. */
const queuedAheadMs = 5 * 60_000;

/** How often missed uploads are looked for. */
const missedUploadsEveryMs = 15 * 60_000;

/**
 * Moves every campaign one step on, then updates pages and sends mails. A campaign that fails does not stop the others;
 * the failures are thrown at the end.
 */
export function createLook(deps: LookDeps): () => Promise<void> {
  const { clock, metrics } = deps;
  let searchedAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const attempts = createAttempts(deps.log);
    const { attempt } = attempts;
    const account = await withTodaysRoom(deps, await resumeOnNewCredentials(deps.account, deps.secret));
    const { listed, unreadable, settle } = await deps.list(attempts);
    const replies = beginReplies(deps, attempts, listed);
    await replies.current;
    const { readSince } = replies;
    /** Those that need something, by name, as this look leaves them. */
    const current = new Map<string, Campaign>(listed.map((campaign) => [campaign.name, campaign]));
    const { active, over } = await feedAll(deps, { attempts, readSince }, account, listed, current);
    for (const campaign of listed) {
      if (campaign.state === "complete") {
        await attempt(campaign.name, () => tidy(deps, campaign, clock.now()));
      }
    }
    await concludeAll(deps, { attempts, readSince }, { account, over, active }, current);

    metrics.add("AccountPaused", account.pause === undefined ? 0 : 1);
    metrics.add("CampaignsActive", active.length);
    metrics.add("CampaignsStalled", active.filter(isStalled).length);
    await attempt("", async () => deps.refresh([...current.values()], account, await deps.index.latest()));
    await attempt("", () => deps.mailer([...current.values()], account));
    await replies.done;
    // After the pages that events point to.
    const announced = new Set<string>();
    for (const campaign of current.values()) {
      await attempt(campaign.name, async () => {
        await deps.announce(campaign);
        announced.add(campaign.name);
      });
    }
    if (clock.now() - searchedAt >= missedUploadsEveryMs) {
      await attempt("", () => deps.findMissedUploads(listed, unreadable));
      searchedAt = clock.now();
    }
    await attempt("", () => deps.older.moveOfAccount(account, clock.now()));
    await attempt("", () => settle(announced));
    await attempt("", deps.index.writeOlder);
    await attempt("", async () => deps.publishPage?.());
    attempts.throwFailures();
  };
}

/** Whether a campaign's passes were in vain lately, and not only because what is left waits for its recipients' hours. */
const isStalled = ({ may, campaign, progress }: ActiveCampaign): boolean =>
  may.kind === "yes" && campaign.stalls > 0 && (progress.queuedRows > 0 || !byRecipient(campaign));

/** The replies as one look reads them. */
interface RepliesOfLook {
  /** What was read is recent enough to feed campaigns under way by, or cannot be read. */
  readonly current: Promise<unknown>;
  readonly done: Promise<unknown>;
  readonly readSince: RepliesSince;
}

/** Begins to read replies, side by side with everything else. */
function beginReplies(
  { readReplies }: Pick<LookDeps, "readReplies">,
  { attempt }: Attempts,
  listed: readonly Campaign[],
): RepliesOfLook {
  const underWay = listed.filter(({ state }) => state !== "complete" && state !== "refused");
  // By the campaign's country: by the stack's they may be somebody's who replies.
  const own = underWay.flatMap((campaign) => {
    if (campaign.state === "refused") return [];
    const { options, defaults } = campaign;
    return replyNumbers(options.snumber ?? defaults.snumber ?? "", options.country ?? defaults.country);
  });
  const begin = (since?: number) => {
    const { current, done } = readReplies(underWay.length > 0, own, since);
    return { current, done: attempt("", () => done) };
  };
  const { current, done } = begin();
  return {
    current,
    done,
    readSince: async (since) => {
      await done;
      const again = begin(since);
      await again.done;
      return again.current;
    },
  };
}

/** What a look's steps share. */
interface Turns {
  readonly attempts: Attempts;
  readonly readSince: RepliesSince;
}

/** A deployment may have raised the most calls of a day, or taken the limit away. */
async function withTodaysRoom({ account, maxPerDay }: LookDeps, seen: Account): Promise<Account> {
  if (reopenDay(seen, maxPerDay) === seen) return seen;
  return account.change((state) => {
    const opened = reopenDay(state, maxPerDay);
    return { account: opened, result: opened };
  });
}

/** The campaigns that are under way, and those whose report is to be written. */
interface Stock {
  readonly active: readonly ActiveCampaign[];
  readonly over: readonly CommittedCampaign[];
}

/** Examines campaigns and feeds those that may send; `current` takes the changes. */
async function feedAll(
  deps: LookDeps,
  { attempts, readSince }: Turns,
  account: Account,
  campaigns: readonly Campaign[],
  current: Map<string, Campaign>,
): Promise<Stock> {
  const since = deps.clock.now();
  const active: ActiveCampaign[] = [];
  const over: CommittedCampaign[] = [];
  for (const campaign of campaigns) {
    if (campaign.state === "refused" || campaign.state === "complete") continue;
    const examined = await attempts.attempt(campaign.name, async () =>
      examine(deps, await judgeApprovals(deps, campaign), account),
    );
    if (examined === undefined) continue;
    if (examined.kind === "active") active.push(examined);
    else over.push(examined.campaign);
    current.set(campaign.name, examined.campaign);
  }
  const sending = active.filter(({ may }) => may.kind === "yes");
  const pace = paceOf(sending, rateOf(account, deps.ceiling), since);
  const [first, underWay] = [sending.filter(isNew), sending.filter((campaign) => !isNew(campaign))];
  await advanceAll(deps, attempts, pace, underWay, current);
  // Who replied to the last campaign a moment ago must not get this one: one reading serves all that begin.
  if (first.length > 0 && deps.reporterFeedsFirst) await readSince(since);
  await advanceAll(deps, attempts, pace, first, current);
  return { active, over };
}

/** Whether nothing of a campaign was fed yet. */
const isNew = ({ campaign: { pass, pointer } }: ActiveCampaign): boolean => pass === 1 && pointer === 0;

/** How often the others are fed while reports are being written: much more often than the queue runs empty. */
const feedEveryMs = 60_000;

/** Writes the reports that are due, and meanwhile goes on feeding what is being sent: a report may take many minutes. */
async function concludeAll(
  deps: LookDeps,
  { attempts, readSince }: Turns,
  { account, over, active }: Stock & { readonly account: Account },
  current: Map<string, Campaign>,
): Promise<void> {
  const { campaigns, clock } = deps;
  const feedAgain = async () => {
    const reads = active.map(({ campaign: { name } }) => campaigns.read(name, { consistent: true }));
    const now = (await Promise.all(reads)).filter((campaign) => campaign !== undefined);
    const replies = beginReplies(deps, attempts, now);
    // What is over by now is concluded by the next look.
    const turns = { attempts, readSince: replies.readSince };
    await feedAll(deps, turns, await deps.account.read(), now, current);
    await replies.done;
  };
  const due = () => clock.sleepUntil(clock.now() + feedEveryMs).then(() => "due" as const);
  let timer: ReturnType<typeof due> | undefined;
  for (const campaign of over) {
    timer ??= due();
    const concluding = attempts.attempt(campaign.name, () => conclude({ ...deps, readSince }, campaign, account));
    while ((await Promise.race([concluding, timer])) === "due") {
      await attempts.attempt("", feedAgain);
      timer = due();
    }
    const concluded = await concluding;
    if (concluded !== undefined) current.set(campaign.name, concluded);
  }
}

/** How much of each campaign is fed, where these may send at this rate (calls per second). */
function paceOf(sending: readonly ActiveCampaign[], rate: number, since: number): Advance {
  const queuedMs = (sending.reduce((sum, { progress }) => sum + progress.queuedRows, 0) / rate) * 1000;
  // A campaign with nothing queued gets at least one batch, however slow the rate.
  const share = Math.max(1, (queuedAheadMs / 1000) * (rate / Math.max(1, sending.length)));
  return { share, queuedMs, rate, since };
}

/** Feeds campaigns that may send. */
async function advanceAll(
  deps: LookDeps,
  { attempt }: Attempts,
  pace: Advance,
  sending: readonly ActiveCampaign[],
  current: Map<string, Campaign>,
): Promise<void> {
  for (const campaign of sending) {
    const { name } = campaign.campaign;
    const advanced = await attempt(name, () => advance(deps, campaign, pace));
    if (advanced !== undefined) current.set(name, advanced);
  }
}
