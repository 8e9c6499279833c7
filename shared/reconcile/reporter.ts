import { type Account, rateOf, resumeAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Campaign, CommittedCampaign, EndReason } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { type MaySend, maySend } from "../campaign/may-send.ts";
import type { Batches } from "../ledger/batches.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import { withAccountHistory } from "./account-history.ts";
import { finish, tidy } from "./finish.ts";
import type { Mailer } from "./mailer.ts";
import { type LedgerProgress, readProgress } from "./read-progress.ts";
import type { Refresh } from "./refresh.ts";
import { nextPass, renewal } from "./renew.ts";

/** What the reporter needs of the world. */
export interface ReporterDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "read" | "change" | "all">;
  readonly batches: Pick<Batches, "between" | "settle">;
  readonly account: AccountStore;
  readonly feed: (campaign: CommittedCampaign, rows: number, done: ReadonlySet<number>) => Promise<CommittedCampaign>;
  readonly refresh: Refresh;
  readonly mailer: Mailer;
  /** Announces uploads that nobody was told of. */
  readonly announce: (campaigns: readonly Campaign[], unreadable: ReadonlySet<string>) => Promise<void>;
  readonly secret: { read(): Promise<{ readonly version: string } | undefined> };
  readonly nudge: Enqueue;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** Visibility time-out of the batches queue. */
  readonly visibilityMs: number;
}

/** How much sending is kept in the queue, over all campaigns. */
const queuedAheadMs = 5 * 60_000;

/** How long after a look that found rows claimed an ending campaign is looked at again. */
const awaitClaimsSeconds = 2;

/** For so long the splitter may be at a new campaign's first feed; when it died, the next tick feeds. */
const firstFeedMs = 10_000;

/** How often uploads nobody was told of are looked for. */
const announceEveryMs = 15 * 60_000;

/**
 * The reconciler: looks at the ledger and brings everything one step nearer to where it should be. It alone decides
 * that a campaign is over. Runs twice, late or beside itself without harm. A campaign whose turn fails does not stop
 * the others; the failure is thrown when all had theirs.
 */
export function createReporter(deps: ReporterDeps): () => Promise<void> {
  const { bucket, campaigns, batches, account, feed, refresh, nudge, clock, log } = deps;
  let announcedAt = Number.NEGATIVE_INFINITY;

  /** New credentials end a pause because of the old ones. */
  const wake = async (): Promise<Account> => {
    const state = await account.read();
    const { pause } = state;
    if (pause?.code !== "credentials") return state;
    const credentials = await deps.secret.read();
    if (credentials === undefined || credentials.version === pause.secretVersion) return state;
    return account.change((now) => {
      const woken = now.pause?.code === "credentials" && now.epoch === state.epoch ? resumeAccount(now) : now;
      return { account: woken, result: woken };
    });
  };

  const end = (campaign: CommittedCampaign, why: EndReason) =>
    campaigns.change(
      campaign,
      { state: campaign.state },
      { state: "ending", end: { why, at: clock.now() }, pause: undefined, parked: undefined },
    );

  /** The low-water mark goes up only; a slower reporter's older one is not written. */
  const raiseMark = async (campaign: CommittedCampaign, seen: LedgerProgress): Promise<CommittedCampaign> => {
    if (seen.mark === campaign.mark) return campaign;
    const { mark, markRows } = seen;
    return (await campaigns.change(campaign, { mark: campaign.mark }, { mark, markRows })) ?? campaign;
  };

  /** What people did to the whole account belongs to the history of each campaign under way. */
  const noteAccountHistory = async (campaign: CommittedCampaign, state: Account): Promise<CommittedCampaign> => {
    const history = withAccountHistory(campaign, state);
    if (history === undefined) return campaign;
    // Whoever changes the state at the same moment writes a history of their own; then the next look adds to that.
    const when = { state: campaign.state, pass: campaign.pass };
    return (await campaigns.change(campaign, when, { history: [...history] })) ?? campaign;
  };

  /** Writes the report when nobody can add to the ledger any more. */
  const conclude = async (campaign: CommittedCampaign, state: Account): Promise<CommittedCampaign> => {
    // After the end was written, so that a claim made before it is seen and one made after it gives itself back.
    const seen = await readProgress(batches, campaign, clock.now());
    if (seen.leasedUntil === undefined) {
      log.info("A campaign is over; its report is written.", { campaign: campaign.name, why: campaign.end?.why });
      const finished = await finish({ bucket, campaigns, batches, clock }, campaign, rateOf(state, deps.ceiling));
      if (finished !== "claimed") return finished;
    }
    // Most claims end long before their lease: with the last answer.
    await nudge([nudgeBody({ kind: "look" })], awaitClaimsSeconds);
    return campaign;
  };

  interface Standing {
    readonly campaign: CommittedCampaign;
    readonly may: MaySend;
    readonly seen: LedgerProgress;
  }

  /** How a campaign stands; ends it when it is over. */
  const examine = async (found: CommittedCampaign, state: Account): Promise<Standing | CommittedCampaign> => {
    const listed = await noteAccountHistory(found, state);
    if (listed.state === "ending") return conclude(listed, state);
    const seen = await readProgress(batches, listed, clock.now());
    const campaign = await raiseMark(listed, seen);
    const may = maySend(campaign, state, clock.now());
    const why = seen.mark >= campaign.lastBatch ? "done" : may.kind === "expired" ? may.why : undefined;
    if (why === undefined) return { campaign, may, seen };
    const ending = await end(campaign, why);
    return ending === undefined ? campaign : conclude(ending, state);
  };

  /** Begins the next pass where the present one is of no use, and feeds. */
  const advance = async ({ campaign, seen }: Standing, share: number, queuedMs: number): Promise<CommittedCampaign> => {
    const now = clock.now();
    const why = renewal(campaign, seen, { visibilityMs: deps.visibilityMs, queuedMs, now });
    if (why === undefined) {
      // Both at once would put the same batches into the queue, and each such copy costs slots.
      if (campaign.pass === 1 && now - campaign.createdAt < firstFeedMs) return campaign;
      const room = share - seen.queuedRows;
      return room > 0 ? feed(campaign, room, seen.done) : campaign;
    }
    const renewed = await campaigns.change(
      campaign,
      { pass: campaign.pass, state: "running" },
      nextPass(campaign, seen, why, now),
    );
    if (renewed === undefined) return campaign;
    if (why === "stalled")
      log.warn("Nothing was recorded for long; the queue is fed anew.", { campaign: campaign.name });
    return feed(renewed, share, seen.done);
  };

  return async () => {
    const failures: unknown[] = [];
    const attempt = async <Result>(campaign: string, act: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        return await act();
      } catch (error) {
        log.error("A campaign's turn failed; the others go on.", error, { campaign });
        failures.push(error);
        return undefined;
      }
    };

    const state = await wake();
    const listed: Campaign[] = [];
    const unreadable = new Set<string>();
    const readable = campaigns.all((campaign, problem) => {
      log.error("A campaign cannot be read; the others go on.", problem, { campaign });
      failures.push(problem);
      unreadable.add(campaign);
    });
    for await (const campaign of readable) listed.push(campaign);
    const standings: Standing[] = [];
    const after = new Map<string, Campaign>(listed.map((campaign) => [campaign.name, campaign]));
    for (const campaign of listed) {
      if (campaign.state === "refused") continue;
      if (campaign.state === "complete") {
        await attempt(campaign.name, () => tidy({ bucket, campaigns }, campaign, clock.now()));
        continue;
      }
      const standing = await attempt(campaign.name, () => examine(campaign, state));
      if (standing === undefined) continue;
      if ("seen" in standing) standings.push(standing);
      after.set(campaign.name, "seen" in standing ? standing.campaign : standing);
    }

    const rate = rateOf(state, deps.ceiling);
    const sending = standings.filter(({ may }) => may.kind === "yes");
    const queuedMs = (sending.reduce((sum, { seen }) => sum + seen.queuedRows, 0) / rate) * 1000;
    // A campaign with nothing queued gets a batch at least, however slow the rate.
    const share = Math.max(1, (queuedAheadMs / 1000) * (rate / Math.max(1, sending.length)));
    for (const standing of sending) {
      const { name } = standing.campaign;
      const campaign = await attempt(name, () => advance(standing, share, queuedMs));
      if (campaign !== undefined) after.set(name, campaign);
    }

    deps.metrics.add("AccountPaused", state.pause === undefined ? 0 : 1);
    deps.metrics.add("CampaignsActive", standings.length);
    deps.metrics.add("CampaignsStalled", sending.filter(({ campaign }) => campaign.stalls > 0).length);
    await attempt("", () => refresh([...after.values()], state));
    await attempt("", () => deps.mailer([...after.values()], state));
    if (clock.now() - announcedAt >= announceEveryMs) {
      await attempt("", () => deps.announce(listed, unreadable));
      announcedAt = clock.now();
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} turns of the reporter failed.`);
  };
}
