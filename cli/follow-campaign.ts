import { setTimeout as sleep } from "node:timers/promises";
import { rateOf } from "../shared/account/account.ts";
import type { PauseCode } from "../shared/account/pause.ts";
import type { Campaign, CommittedCampaign } from "../shared/campaign/campaign.ts";
import { csvWasJudged } from "../shared/campaign/judged-uploads.ts";
import { nudgeBody } from "../shared/ports/queue.ts";
import { situationOf } from "../shared/reconcile/refresh.ts";
import { isStopped } from "../shared/reconcile/restart.ts";
import { liveSummary } from "../shared/report/live-summary.ts";
import type { Summary } from "../shared/report/summary.ts";
import type { Stack } from "./stack.ts";

/** What a followed campaign came to. */
export type Followed =
  | { readonly kind: "complete"; readonly campaign: CommittedCampaign }
  /** One sentence says why nothing of the upload was sent. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Waits for a person. `whole`: with the whole account, not this campaign alone. */
  | {
      readonly kind: "paused";
      readonly code: PauseCode;
      readonly reason: string;
      readonly whole: boolean;
      readonly campaign: CommittedCampaign;
    }
  | { readonly kind: "interrupted" };

/** How often the other campaigns are looked at, in milliseconds. */
const othersEveryMs = 15_000;

/** How often the ledger is looked at, in milliseconds. */
const everyMs = 200;

/**
 * After so long without news the reporter is asked to look, in milliseconds: tallies that a crash took with it tell
 * nobody that all is done, and its own tick is a minute away.
 */
const quietMs = 3_000;

/**
 * Watches a campaign until it is over or waits for a person. `version` is the CSV's that was uploaded for it, if one
 * was: an older refusal does not count. `show` gets a live summary at every look.
 */
export async function followCampaign(
  stack: Stack,
  name: string,
  {
    version,
    show,
    signal,
    nudges = false,
  }: {
    readonly version?: string;
    readonly show: (live: Summary) => void;
    readonly signal: AbortSignal;
    /** Whether the reporter may be asked to look: for whoever waits for the end, not for whoever only watches. */
    readonly nudges?: boolean;
  },
): Promise<Followed> {
  const others = createOthers(stack);
  let news = "";
  let newsAt = Date.now();
  while (!signal.aborted) {
    const campaign = await stack.campaigns.read(name, { consistent: true });
    const shown = signal.aborted ? () => {} : show;
    const seen = campaign === undefined ? undefined : await judge(stack, campaign, version, shown, others);
    if (seen !== undefined) return seen;
    const now = campaign === undefined ? "" : JSON.stringify(campaign);
    if (nudges && campaign !== undefined && now === news && Date.now() - newsAt > quietMs) {
      await stack.nudge([nudgeBody({ kind: "look" })]);
      newsAt = Date.now();
    }
    if (now !== news) newsAt = Date.now();
    news = now;
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  return { kind: "interrupted" };
}

/** All campaigns, for what is left of the rate: listed now and then, as there may be thousands. */
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

async function judge(
  stack: Stack,
  campaign: Campaign,
  version: string | undefined,
  show: (live: Summary) => void,
  others: () => Promise<readonly Campaign[]>,
): Promise<Followed | undefined> {
  const judged = version === undefined || csvWasJudged(campaign, version);
  if (campaign.state === "refused") return judged ? { kind: "refused", reason: campaign.reason } : undefined;
  const ignored = campaign.ignored.find((upload) => upload.version === version);
  if (ignored !== undefined) return { kind: "refused", reason: ignored.reason };
  if (campaign.state === "complete") return { kind: "complete", campaign };
  const account = await stack.account.read();
  if (campaign.state === "paused") {
    const { code, reason } = campaign.pause ?? { code: "person" as const, reason: "Paused." };
    return { kind: "paused", code, reason, whole: false, campaign };
  }
  if (campaign.state === "running" && account.pause !== undefined && !isStopped(account)) {
    const { code, reason } = account.pause;
    return { kind: "paused", code, reason, whole: true, campaign };
  }
  show(liveOf(stack, campaign, account, await others()));
  return undefined;
}

/** How a campaign that is not over stands at this moment; those of `campaigns` that may send share the rate with it. */
export function liveOf(
  stack: Pick<Stack, "outputs">,
  campaign: CommittedCampaign,
  account: Awaited<ReturnType<Stack["account"]["read"]>>,
  campaigns: readonly Campaign[] = [],
): Summary {
  const now = Date.now();
  const rate = rateOf(account, stack.outputs.SendsPerSecond);
  return liveSummary(campaign, situationOf(campaign, account, rate, campaigns, now), now);
}
