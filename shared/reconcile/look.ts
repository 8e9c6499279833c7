import { type Account, rateOf } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Campaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type AdvanceDeps, advance } from "./advance.ts";
import { type Attempts, createAttempts } from "./attempts.ts";
import { type ActiveCampaign, type ExamineDeps, examine } from "./examine.ts";
import { tidy } from "./finish.ts";
import type { Mailer } from "./mailer.ts";
import { resumeOnNewCredentials, type SecretVersion } from "./new-credentials.ts";
import type { Refresh } from "./refresh.ts";

/** What a look depends on. */
export interface LookDeps extends ExamineDeps, AdvanceDeps {
  readonly campaigns: Pick<Campaigns, "read" | "change" | "all">;
  readonly account: AccountStore;
  readonly secret: SecretVersion;
  readonly refresh: Refresh;
  readonly mailer: Mailer;
  /** Looks for uploads that were never judged because their event was lost. */
  readonly findMissedUploads: (campaigns: readonly Campaign[], unreadable: ReadonlySet<string>) => Promise<void>;
  readonly metrics: Metrics;
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
    const since = clock.now();
    const account = await resumeOnNewCredentials(deps.account, deps.secret);
    const { listed, unreadable } = await list(deps, attempts);
    /** The campaigns by name, as this look leaves them. */
    const current = new Map<string, Campaign>(listed.map((campaign) => [campaign.name, campaign]));
    const active = await examineAll(deps, attempts, account, current);
    const sending = active.filter(({ may }) => may.kind === "yes");
    await advanceAll(deps, attempts, { rate: rateOf(account, deps.ceiling), since }, sending, current);

    metrics.add("AccountPaused", account.pause === undefined ? 0 : 1);
    metrics.add("CampaignsActive", active.length);
    metrics.add("CampaignsStalled", sending.filter(({ campaign }) => campaign.stalls > 0).length);
    await attempt("", () => deps.refresh([...current.values()], account));
    await attempt("", () => deps.mailer([...current.values()], account));
    if (clock.now() - searchedAt >= missedUploadsEveryMs) {
      await attempt("", () => deps.findMissedUploads(listed, unreadable));
      searchedAt = clock.now();
    }
    attempts.throwFailures();
  };
}

/** All campaigns that can be read, and the names of those that cannot. */
async function list({ campaigns, log }: LookDeps, { failed }: Attempts) {
  const unreadable = new Set<string>();
  const listed = await Array.fromAsync(
    campaigns.all((campaign, problem) => {
      log.error("A campaign cannot be read; the others go on.", problem, { campaign });
      failed(problem);
      unreadable.add(campaign);
    }),
  );
  return { listed, unreadable };
}

/** Examines the campaigns in `current`, which takes their changes, and tidies up after complete ones. Returns the active ones. */
async function examineAll(
  deps: LookDeps,
  { attempt }: Attempts,
  account: Account,
  current: Map<string, Campaign>,
): Promise<readonly ActiveCampaign[]> {
  const active: ActiveCampaign[] = [];
  for (const campaign of [...current.values()]) {
    if (campaign.state === "refused") continue;
    if (campaign.state === "complete") {
      await attempt(campaign.name, () => tidy(deps, campaign, deps.clock.now()));
      continue;
    }
    const examined = await attempt(campaign.name, () => examine(deps, campaign, account));
    if (examined === undefined) continue;
    if (examined.kind === "active") active.push(examined);
    current.set(campaign.name, examined.campaign);
  }
  return active;
}

/** Feeds the campaigns that may send, each its share of what is kept in the queue. */
async function advanceAll(
  deps: LookDeps,
  { attempt }: Attempts,
  { rate, since }: { readonly rate: number; readonly since: number },
  sending: readonly ActiveCampaign[],
  current: Map<string, Campaign>,
): Promise<void> {
  const queuedMs = (sending.reduce((sum, { progress }) => sum + progress.queuedRows, 0) / rate) * 1000;
  // A campaign with nothing queued gets at least one batch, however slow the rate.
  const share = Math.max(1, (queuedAheadMs / 1000) * (rate / Math.max(1, sending.length)));
  for (const campaign of sending) {
    const { name } = campaign.campaign;
    const advanced = await attempt(name, () => advance(deps, campaign, { share, queuedMs, rate, since }));
    if (advanced !== undefined) current.set(name, advanced);
  }
}
