import { type Account, rateOf } from "../account/account.ts";
import type { CommittedCampaign, DoneRun, EndReason } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { startOf } from "../campaign/events.ts";
import { type MaySend, maySend } from "../campaign/may-send.ts";
import type { OlderHistory } from "../campaign/older-history.ts";
import type { Batches } from "../ledger/batches.ts";
import type { CountOptOuts } from "../opt-outs/opt-out-count.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import { withAccountHistory } from "./account-history.ts";
import { finish } from "./finish.ts";
import { type LedgerProgress, readProgress, stillHolds } from "./read-progress.ts";

/** What examining a campaign depends on. */
export interface ExamineDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "read" | "change">;
  readonly batches: Pick<Batches, "between" | "settle">;
  readonly older: Pick<OlderHistory, "whole" | "moveOf">;
  readonly nudge: Enqueue;
  readonly clock: Pick<Clock, "now">;
  /** Absent where replies are not read. */
  readonly countOptOuts?: CountOptOuts;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
}

/**
 * Has what people have texted back read, unless that was tried since this instant (epoch ms). Resolves with the instant up to
 * which it was read, `undefined` where that cannot be told; within some two minutes, whatever the phone system does.
 */
export type RepliesSince = (since: number) => Promise<number | undefined>;

/** A campaign that is not over: whether it may send, and what the ledger says of its batches. */
export interface ActiveCampaign {
  readonly kind: "active";
  readonly campaign: CommittedCampaign;
  readonly may: MaySend;
  readonly progress: LedgerProgress;
}

/** How a campaign stands: still under way, or ending, so that its report is to be written. */
export type Examined = ActiveCampaign | { readonly kind: "over"; readonly campaign: CommittedCampaign };

/** How long after a look that found rows claimed an ending campaign is looked at again. */
const awaitClaimsSeconds = 2;

/** Finds out how a campaign stands, and ends it when it is over; `conclude` writes the report. */
export async function examine(deps: ExamineDeps, found: CommittedCampaign, account: Account): Promise<Examined> {
  const { campaigns, batches, clock } = deps;
  const noted = await noteStart(campaigns, await noteAccountHistory(campaigns, found, account, clock.now()));
  const listed = await deps.older.moveOf(noted, clock.now());
  if (isOver(listed)) return { kind: "over", campaign: listed };
  const progress = await readProgress(batches, listed, clock.now());
  const campaign = await raiseMark(campaigns, listed, progress);
  // A slow reporter sees here that another has ended it, or has long written its report.
  if (isOver(campaign)) return { kind: "over", campaign };
  const may = maySend(campaign, account, clock.now());
  const why = progress.mark >= campaign.lastBatch ? "done" : may.kind === "expired" ? may.why : undefined;
  if (why === undefined) return { kind: "active", campaign, may, progress };
  // Where somebody else changed its state at this moment, the next look sees to it.
  return { kind: "over", campaign: (await end(deps, campaign, why)) ?? campaign };
}

/** Whether a campaign has been ended: that is final. */
const isOver = ({ state }: CommittedCampaign): boolean => state === "ending" || state === "complete";

/** What happened to the whole account belongs to the history of each campaign under way. */
async function noteAccountHistory(
  campaigns: Pick<Campaigns, "change">,
  campaign: CommittedCampaign,
  account: Account,
  now: number,
): Promise<CommittedCampaign> {
  const history = withAccountHistory(campaign, account, now);
  if (history === undefined) return campaign;
  // A command that changes the state at the same moment writes a history of its own; then the next look adds to that.
  const when = { state: campaign.state, pass: campaign.pass };
  return (await campaigns.change(campaign, when, { history: [...history] })) ?? campaign;
}

/** That calls are made is announced once; where another change came between, by that or by the next look. */
async function noteStart(
  campaigns: Pick<Campaigns, "change">,
  campaign: CommittedCampaign,
): Promise<CommittedCampaign> {
  const set = startOf(campaign);
  if (set.started === undefined || campaign.state === "ending") return campaign;
  const when = { state: campaign.state, pass: campaign.pass, started: undefined };
  return (await campaigns.change(campaign, when, set)) ?? campaign;
}

/** How many batches more than it remembers must be done before a campaign's item is changed for them. */
const worthRemembering = 20;

const batchesIn = (runs: readonly DoneRun[] = []) => runs.reduce((sum, { prev, to }) => sum + to - prev, 0);

/** The low-water mark only goes up; the older one of a slower reporter is not written. */
async function raiseMark(
  campaigns: Pick<Campaigns, "change">,
  campaign: CommittedCampaign,
  { mark, markRows, ahead, hours }: LedgerProgress,
): Promise<CommittedCampaign> {
  const known = campaign.ahead?.filter((run) => stillHolds(campaign, run, hours));
  const more = batchesIn(ahead) - batchesIn(known) >= worthRemembering;
  if (mark === campaign.mark && !more) return campaign;
  const set = { mark, markRows, ahead: ahead && [...ahead] };
  return (await campaigns.change(campaign, { mark: campaign.mark }, set)) ?? campaign;
}

const end = ({ campaigns, clock }: ExamineDeps, campaign: CommittedCampaign, why: EndReason) =>
  campaigns.change(
    campaign,
    { state: campaign.state, pass: campaign.pass },
    { state: "ending", end: { why, at: clock.now() }, pause: undefined, parked: undefined },
  );

/** Writes the report of a campaign that is ending, once nobody can add to the ledger any more. */
export async function conclude(
  deps: ExamineDeps & { readonly readSince: RepliesSince },
  campaign: CommittedCampaign,
  account: Account,
): Promise<CommittedCampaign> {
  if (campaign.state !== "ending") return campaign;
  // After the end was written, so that a claim made before it is seen and one made after it gives itself back.
  const { leasedUntil } = await readProgress(deps.batches, campaign, deps.clock.now());
  if (leasedUntil === undefined) {
    deps.log.info("A campaign is over; its report is written.", { campaign: campaign.name, why: campaign.end?.why });
    const readUntil = deps.countOptOuts && (await deps.readSince(lastCallOf(campaign)));
    const finished = await finish(deps, campaign, rateOf(account, deps.ceiling), readUntil);
    if (finished !== "claimed") return finished;
  }
  // Most claims end long before their lease: with the last answer.
  await deps.nudge([nudgeBody({ kind: "look" })], awaitClaimsSeconds);
  return campaign;
}

/** Nobody was called later, as far as the ledger says. Epoch ms. */
const lastCallOf = ({ end, tally, createdAt }: CommittedCampaign): number =>
  Math.max(end?.at ?? createdAt, tally.lastRecordAt ?? 0);
