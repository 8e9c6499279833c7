import type { AccountStore } from "../account/account-store.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { closedGroups, hoursOfPass, waits } from "../campaign/recipient-hours.ts";
import type { BatchMessage, PlanLine } from "../plan/plan.ts";
import { PlanError, planLines } from "../plan/read-plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Enqueue } from "../ports/queue.ts";
import { createBatchGroups } from "./batch-groups.ts";
import { delaySeconds, type FeedPace } from "./pace.ts";
import { numbersMeant, SuppressionError, type Suppressions } from "./suppression.ts";

/** What feeding depends on. */
export interface FeedDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "change">;
  readonly enqueue: Enqueue;
  readonly suppressions: () => Promise<Suppressions>;
  readonly account: Pick<AccountStore, "read">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * The pointer moves after each group: four requests to SQS, which takes ten messages and 1 MiB a request, side by side.
 * If feeding is cut off, at most this many batches are fed again.
 */
const group = { messages: 40, bytes: 2_000_000 } as const;

/** Batches of which none need be fed before the pointer moves all the same. */
const passedOverAtOnce = 1_000;

/**
 * Puts a campaign's next batches into the queue until `rows` sendable rows were added, at least one batch, or the plan
 * ends, each visible shortly before its turn by `pace`. `done` are batches known to be done, and `left` the groups of the
 * rows that are left in others. Batches whose hours had not come for any row left when the pass looked (`hoursAt`) are
 * passed over: the pass that begins with those hours has them. Returns the campaign as it then is: its pointer names the last
 * batch that the queue accepted. When two feed at the same time, one of them stops; batches fed twice do no harm.
 */
export type Feed = (
  from: CommittedCampaign,
  rows: number,
  done: ReadonlySet<number>,
  pace: FeedPace,
  left?: ReadonlyMap<number, readonly number[]>,
) => Promise<CommittedCampaign>;

/**
 * Feeding from the plans in the bucket. A campaign whose plan or suppression lists cannot be read, or whose numbers
 * cannot be compared with the lists, is paused.
 */
export function createFeed({ bucket, campaigns, enqueue, suppressions, account, clock }: FeedDeps): Feed {
  const stop = createStop({ campaigns, clock });

  return async (from, rows, done, pace, left = new Map()) => {
    if (from.pointer >= from.lastBatch) return from;
    // Before the lists: what is decided in between is in them, and looked at by the sender once more.
    const decisions = (await account.read()).optOuts?.sequence;
    const suppressed = await suppressions();
    if (suppressed.kind === "unreadable") return (await stop(from, "suppression", suppressed.reason)) ?? from;

    const groups = createBatchGroups({ campaigns, enqueue }, from);
    let bodies: string[] = [];
    let bytes = 0;
    let fed = 0;
    let { pointer, pointerRows } = from;
    const waiting = createWaiting(from, left);
    let flushedTo = pointer;
    let delay = 0;
    const flush = (): Promise<boolean> => {
      const place = { pointer, pointerRows, passedOver: waiting.rows(), pacedRate: pace.rate };
      const before = groups.send(bodies, place, delay);
      bodies = [];
      bytes = 0;
      flushedTo = pointer;
      return before;
    };

    try {
      for await (const { line, text } of planLines(bucket, from, from.pointer)) {
        if (!done.has(line.batch) && !waiting.passOver(line)) {
          const own = delaySeconds(pace, fed, clock.now());
          if (own !== delay && bodies.length > 0 && !(await flush())) return groups.campaign();
          delay = own;
          const body = messageOf(from, decisions, { line, text }, suppressed.detail);
          bodies.push(body);
          bytes += Buffer.byteLength(body);
          fed += line.rows.length;
        }
        pointer = line.batch;
        pointerRows += line.rows.length;
        if (fed >= rows) break;
        const full =
          bodies.length === group.messages || bytes >= group.bytes || pointer - flushedTo >= passedOverAtOnce;
        if (full && !(await flush())) return groups.campaign();
      }
    } catch (error) {
      // No request outlives this call.
      await Promise.allSettled([groups.sent()]);
      const code = error instanceof SuppressionError ? "suppression" : "plan";
      if (code === "plan" && !(error instanceof PlanError)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return (await stop(groups.campaign(), code, reason)) ?? groups.campaign();
    }
    if (pointer !== flushedTo) await flush();
    await groups.sent();
    return groups.campaign();
  };
}

/** Pauses a campaign that cannot be fed. */
const createStop =
  ({ campaigns, clock }: Pick<FeedDeps, "campaigns" | "clock">) =>
  (campaign: CommittedCampaign, code: "suppression" | "plan", reason: string) =>
    campaigns.change(
      campaign,
      { pass: campaign.pass, state: "running" },
      { state: "paused", pause: { code, reason, at: clock.now() } },
    );

/** Tells which batches wait for their hours, and counts the rows of those that nobody has begun: others say it for themselves. */
function createWaiting(campaign: CommittedCampaign, left: ReadonlyMap<number, readonly number[]>) {
  const closed = closedGroups(campaign, hoursOfPass(campaign));
  let { passedOver } = campaign;
  return {
    rows: () => passedOver,
    passOver: (line: PlanLine): boolean => {
      const known = left.get(line.batch);
      if (!waits(known ?? groupsOf(line), closed)) return false;
      if (known === undefined) passedOver = (passedOver ?? 0) + line.rows.length;
      return true;
    },
  };
}

const groupsOf = ({ rows }: PlanLine) => rows.map(({ zone }) => zone ?? -1);

/** A plan line as a message; rows that have been suppressed since are sent along as skipped. */
function messageOf(
  campaign: CommittedCampaign,
  decisions: number | undefined,
  { line, text }: { readonly line: PlanLine; readonly text: string },
  suppressed: (cnumber: string, country: string | undefined) => string | undefined,
): string {
  const country = campaign.options.country ?? campaign.defaults.country;
  const skipped: BatchMessage["skipped"] = [];
  const others: [string, string[]][] = [];
  const rows = line.rows.filter(({ row, cnumber }) => {
    const detail = suppressed(cnumber, country);
    if (detail !== undefined) skipped.push({ row, detail });
    const numbers = detail === undefined ? numbersMeant(cnumber, country) : [];
    if (numbers.length > 0) others.push([String(row), [...numbers]]);
    return detail === undefined;
  });
  const meant = others.length === 0 ? undefined : Object.fromEntries(others);
  const address = { campaign: campaign.name, run: campaign.run, pass: campaign.pass, decisions, meant, skipped };
  const own = skipped.length === 0 ? text : JSON.stringify({ ...line, rows });
  return `${JSON.stringify(address).slice(0, -1)},${own.slice(1)}`;
}
