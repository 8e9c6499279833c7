import { setTimeout as sleep } from "node:timers/promises";
import { type Account, rateOf } from "../shared/account/account.ts";
import type { PauseCode } from "../shared/account/pause.ts";
import type { Campaign, CommittedCampaign } from "../shared/campaign/campaign.ts";
import type { PlanHead } from "../shared/plan/head.ts";
import { nudgeBody } from "../shared/ports/queue.ts";
import { createHeads } from "../shared/reconcile/refresh.ts";
import { isStopped } from "../shared/reconcile/restart.ts";
import { sendingConditionsOf } from "../shared/reconcile/sending-conditions.ts";
import { liveSummary } from "../shared/report/live-summary.ts";
import type { Reason } from "../shared/report/reasons.ts";
import { recentReasons } from "../shared/report/recent-reasons.ts";
import type { Summary } from "../shared/report/summary.ts";
import { createWaits, type Waits } from "../shared/report/waits.ts";
import { createOwnUpload } from "./own-upload.ts";
import type { Look } from "./progress.ts";
import type { Stack } from "./stack.ts";
import type { OpenStack } from "./target.ts";

/** How a followed campaign ended, or why following it ended. */
export type Followed =
  | { readonly kind: "complete"; readonly campaign: CommittedCampaign }
  /** Nothing was sent; one sentence says why. */
  | { readonly kind: "refused"; readonly reason: string }
  /** The campaign is of another upload than the one that was asked about; a sentence says so. */
  | { readonly kind: "replaced"; readonly reason: string }
  /** Paused until a person acts. `whole`: together with the whole account. */
  | {
      readonly kind: "paused";
      readonly code: PauseCode;
      readonly reason: string;
      readonly whole: boolean;
      readonly campaign: CommittedCampaign;
    }
  | { readonly kind: "interrupted" };

/** Shows a look at a campaign; `whole` reads what its page says besides: the reasons of its rows. */
type Show = (look: Look, whole: () => Promise<Summary>) => void | Promise<void>;

/** What following needs to know. */
export interface FollowOptions {
  /** What names the stack in a command, as words. */
  readonly target: readonly string[];
  /** The version of the list that was uploaded for the campaign, if one was: what became of another does not count. */
  readonly version?: string;
  /** Gets every look at the campaign; absent: nobody sees them. */
  readonly show?: Show;
  readonly signal: AbortSignal;
  /** Whether to ask the reporter to look when there is no news: for a command that waits for the end, not one that watches. */
  readonly nudges?: boolean;
}

/** How often the ledger is read, in milliseconds: while there is news, and when there has been none for ten seconds. */
const everyMs = { least: 200, most: 1_000 } as const;

/**
 * How long to wait before the ledger is read again, in milliseconds, when there has been no news for `quietForMs` and the last look
 * took `tookMs`. A campaign that waits for its window, for a hold to end or for a person has none for hours, and each look asks
 * several things of the ledger: on a machine that is busy sending, looking takes a fifth of the time at most.
 */
export const nextLookMs = (quietForMs: number, tookMs: number): number =>
  Math.min(Math.max(quietForMs / 10, 4 * tookMs, everyMs.least), everyMs.most);

/** How often the other campaigns are listed, in milliseconds. */
const othersEveryMs = 15_000;

/**
 * How long to wait without news before asking the reporter to look, in milliseconds: when a crash loses the tallies,
 * nothing else announces that all is done, and the reporter's own tick can be a minute away.
 */
const quietMs = 3_000;

/**
 * How long a pause is followed once it has come while sending was shown, in milliseconds: until nothing new was counted for a while. What
 * was in the air ends after the pause begins, and the sender counts every two seconds of sending; an endpoint that does not answer is not waited for.
 */
const countingMs = { quiet: 4_000, most: 15_000 } as const;

/**
 * Follows a campaign until it is over, pauses, or `signal` aborts. A pause that comes meanwhile is shown, too, without its reason, so that the
 * figures which were shown last are those it ends with.
 */
export async function followCampaign(stack: Stack, name: string, options: FollowOptions): Promise<Followed> {
  const { version, target, signal, nudges = false } = options;
  const heads = createHeads(stack.bucket);
  const fateOf = createOwnUpload(stack, name, version);
  const seen: Seen = { others: createOthers(stack), waits: createWaits(stack.batches), heads };
  let news = "";
  let newsAt = Date.now();
  let nudgedAt = newsAt;
  let shown = false;
  let pausedAt: number | undefined;
  let paused: Followed | undefined;
  while (!signal.aborted) {
    const began = performance.now();
    const campaign = await stack.campaigns.read(name, { consistent: true });
    const show: Show = async (...look) => {
      if (signal.aborted || options.show === undefined) return;
      shown = true;
      await options.show(...look);
    };
    const fate = await fateOf(campaign);
    if (fate.kind === "refused" || fate.kind === "replaced") return fate;
    const followed =
      fate.kind === "own" ? await look({ stack, words: target }, fate.campaign, { show, seen, shown }) : undefined;
    const now = campaign === undefined ? "" : JSON.stringify(campaign);
    if (now !== news) newsAt = Date.now();
    paused = followed?.kind === "paused" ? followed : undefined;
    pausedAt = paused === undefined ? undefined : (pausedAt ?? Date.now());
    if (followed !== undefined && !(shown && mayStillCount(pausedAt, newsAt))) return followed;
    if (nudges && campaign !== undefined && Date.now() - Math.max(newsAt, nudgedAt) > quietMs) {
      await stack.nudge([nudgeBody({ kind: "look" })]);
      nudgedAt = Date.now();
    }
    news = now;
    const tookMs = performance.now() - began;
    await sleep(nextLookMs(Date.now() - newsAt, tookMs), undefined, { signal }).catch(() => {});
  }
  // Whoever does not wait for the last figures of a pause must be told of it nonetheless: it needs a person to go on.
  return paused ?? { kind: "interrupted" };
}

/** Whether what was in the air when a pause began (epoch ms) may not have been counted yet; `newsAt`: when anything was counted last. */
const mayStillCount = (pausedAt: number | undefined, newsAt: number): boolean =>
  pausedAt !== undefined &&
  Date.now() - Math.max(pausedAt, newsAt) < countingMs.quiet &&
  Date.now() - pausedAt < countingMs.most;

/** All campaigns, which share the rate. Listed only now and then, as there may be thousands. */
function createOthers(stack: Stack): () => Promise<readonly Campaign[]> {
  let known: readonly Campaign[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (Date.now() - readAt > othersEveryMs) {
      known = await Array.fromAsync(stack.campaigns.all(() => {}));
      readAt = Date.now();
    }
    return known;
  };
}

/** What is known from earlier looks. */
interface Seen {
  readonly others: () => Promise<readonly Campaign[]>;
  readonly waits: Waits;
  readonly heads: ReturnType<typeof createHeads>;
}

async function look(
  { stack, words }: Pick<OpenStack, "stack" | "words">,
  campaign: CommittedCampaign,
  { show, seen, shown }: { readonly show: Show; readonly seen: Seen; readonly shown: boolean },
): Promise<Followed | undefined> {
  if (campaign.state === "complete") return { kind: "complete", campaign };
  const account = await stack.account.read();
  const paused = pauseOf(campaign, account);
  if (paused !== undefined && !shown) return paused;
  const others = await seen.others();
  const live = liveOf({ stack, words }, campaign, account, others);
  const wait = live.state === "running" ? await seen.waits(campaign, account, Date.now()) : undefined;
  // The reason is said where following ends.
  await show(paused === undefined ? { live, wait } : { live: { ...live, reason: undefined } }, async () => {
    const details = { head: await seen.heads(campaign), tried: await recentReasons(stack.batches, campaign) };
    return liveOf({ stack, words }, campaign, account, others, details);
  });
  return paused;
}

/** The campaign's pause, its own or the account's, if it waits for a person. */
function pauseOf(campaign: CommittedCampaign, account: Account): Extract<Followed, { kind: "paused" }> | undefined {
  if (campaign.state === "paused") {
    const { code, reason } = campaign.pause ?? { code: "person" as const, reason: "Paused." };
    return { kind: "paused", code, reason, whole: false, campaign };
  }
  if (campaign.state !== "running" || account.pause === undefined || isStopped(account)) return undefined;
  const { code, reason } = account.pause;
  return { kind: "paused", code, reason, whole: true, campaign };
}

/**
 * A live summary of a campaign that is not over; those of `campaigns` that may send share the rate with it. Details are
 * why rows were not sent, as far as that was read.
 */
export function liveOf(
  { stack, words }: { readonly stack: Pick<Stack, "outputs"> } & Pick<OpenStack, "words">,
  campaign: CommittedCampaign,
  account: Account,
  campaigns: readonly Campaign[] = [],
  { head, tried }: { readonly head?: PlanHead; readonly tried?: readonly Reason[] } = {},
): Summary {
  const now = Date.now();
  const { SendsPerSecond: ceiling, MaxMessagesPerDay: maxPerDay } = stack.outputs;
  const most = { rate: rateOf(account, ceiling), maxPerDay };
  const conditions = { ...sendingConditionsOf(campaign, account, most, campaigns, now), target: words };
  return liveSummary(campaign, conditions, now, head, tried);
}
