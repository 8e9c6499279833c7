import type { DayLimit } from "../account/day-limit.ts";
import type { Campaign, CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { joinedVersions, judgedEntry, listsMeant } from "../campaign/judged-uploads.ts";
import { retentionFault } from "../campaign/retention-fault.ts";
import type { Feed } from "../feed/feed.ts";
import { suppressedNow } from "../feed/suppressed-now.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { Senders } from "../opt-outs/senders.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { planKeys } from "../ports/bucket-layout.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import { type FoundUpload, findUpload, hasChanged } from "./find-upload.ts";
import { judgeAgain } from "./judge-again.ts";
import { type CampaignSettings, newCampaign, type PlannedUpload } from "./new-campaign.ts";
import { namesOf, readOptionsFile } from "./options-file.ts";
import { waitsUntil } from "./options-grace.ts";
import { planCampaign } from "./plan-campaign.ts";
import { type PlanningAttempts, wornOut } from "./planning-attempts.ts";
import type { Refuse } from "./refuse.ts";

/** What splitting an upload depends on. */
export interface SplitDeps extends CampaignSettings {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "read" | "create" | "change">;
  /** Puts a campaign's first batches into the queue. */
  readonly feed: Feed;
  readonly suppressions: () => Promise<Suppressions>;
  /** Where the numbers are noted that the campaign is sent from. */
  readonly senders: Pick<Senders, "note">;
  readonly refuse: Refuse;
  readonly attempts: PlanningAttempts;
  readonly nudge: Enqueue;
  readonly clock: Pick<Clock, "now">;
  readonly freshToken: FreshToken;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** How long an upload waits that may lack its options or its list, seconds. */
  readonly graceSeconds: number;
  /** The reporter feeds new campaigns, once it has read what people have texted back. */
  readonly reporterFeedsFirst?: boolean;
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
}

/** What came of a look at an upload. */
export type Looked =
  | { readonly kind: "over" }
  /** It changed meanwhile. */
  | { readonly kind: "again" }
  /** Another execution is at it, until then at most (epoch milliseconds). */
  | { readonly kind: "busy"; readonly until: number }
  /** More may be on its way, until then (epoch milliseconds). */
  | { readonly kind: "early"; readonly until: number };

/** An upload as one message announces it; `deadline` (epoch milliseconds) is when the function is stopped. */
export interface AnnouncedUpload {
  readonly name: string;
  readonly key: string;
  readonly by: string;
  /** When S3 had the whole object, epoch milliseconds. */
  readonly at: number | undefined;
  readonly receiveCount: number;
  readonly deadline: number;
}

const over: Looked = { kind: "over" };
const again: Looked = { kind: "again" };

/** Seconds of sending that are fed right after the commit; the reporter feeds the rest. */
const firstFeedSeconds = 120;

/**
 * Turns a campaign's upload, announced by `key`, into a campaign: judge, plan, commit, first feed. Every step can be
 * repeated without harm.
 */
export async function splitUpload(deps: SplitDeps, announced: AnnouncedUpload): Promise<Looked> {
  const { bucket, campaigns, nudge } = deps;
  const { key, by } = announced;
  const found = await findUpload(bucket, "campaign", announced.name, key);
  if (found.lists.length === 0) return over;
  const file = await readOptionsFile(bucket, found.options);
  const seen = await campaigns.read(announced.name, { consistent: true });
  const name = seen?.name ?? announced.name;
  const meant = listsMeant(found.lists, seen?.judged ?? []);
  const [csv] = meant;
  if (csv === undefined) return over;
  const isFree = seen === undefined || seen.state === "refused";
  const csvVersion = isFree ? joinedVersions(meant.map(({ version }) => version)) : csv.version;
  const judged = judgedEntry({ csv: csvVersion, json: file.version });
  if (seen?.judged.includes(judged)) {
    if (seen.state === "running" || seen.state === "paused") await nudge([nudgeBody({ kind: "look" })]);
    return over;
  }
  const { options } = found;
  const there = { lists: meant, options, file, judged: seen?.judged ?? [], announcedAt: announced.at };
  const until = waitsUntil(there, deps.graceSeconds, deps.clock.now());
  if (until !== undefined) return { kind: "early", until };
  if (seen !== undefined && seen.state !== "refused") {
    await judgeAgain(deps, seen, { csv, file, by });
    return over;
  }
  if (meant.length > 1) {
    await deps.refuse({ name, judged, by, reason: severalLists(meant) }, seen);
    return over;
  }
  if (file.kind === "refused") {
    await deps.refuse({ name, judged, by, reason: file.reason }, seen);
    return over;
  }
  const upload = { name, csv, options: file.options, json: file.version, by, seen };
  const run = deps.freshToken();
  const attempt = { ...announced, name, entry: judged, token: run };
  const begun = await deps.attempts.begin(attempt);
  if (begun.kind === "busy") return begun;
  if (begun.kind === "worn-out") {
    deps.log.error("Planning an upload never came to an end; it is refused.", undefined, { campaign: name });
    await deps.refuse({ name, judged, by, reason: wornOut(csv.key) }, seen);
    return over;
  }
  try {
    return await planUpload(deps, upload, found, run);
  } finally {
    await deps.attempts.end(attempt);
  }
}

const severalLists = (lists: readonly ObjectHead[]) =>
  `There are ${lists.length} lists with this name: ${namesOf(lists)}. Which is meant cannot be known; remove all but one and upload that again, or give each a name of its own.`;

/** Plans an upload under a free name and commits the campaign. What it planned in vain is removed. */
async function planUpload(deps: SplitDeps, upload: PlannedUpload, found: FoundUpload, run: string): Promise<Looked> {
  const { bucket, campaigns, clock, log } = deps;
  const { name, csv, options, json, by, seen } = upload;
  const { defaults, batchRows } = deps;
  const result = await planCampaign(
    { bucket, clock },
    {
      name,
      key: csv.key,
      version: csv.version,
      options,
      defaults,
      batchRows,
      rate: deps.ceiling,
      previewed:
        (deps.approval ?? "never") === "never"
          ? undefined
          : suppressedNow(await deps.suppressions(), options.country ?? defaults.country),
      run,
    },
  );
  const changed = result.kind === "gone" || (await hasChanged(bucket, "campaign", name, csv.key, found));
  if (changed || result.kind === "refused") await discardPlan(bucket, name, run);
  if (changed) return again;
  if (result.kind === "refused") {
    const { reason, warnings } = result;
    await deps.refuse({ name, judged: judgedEntry({ csv: csv.version, json }), by, reason, warnings }, seen);
    return over;
  }
  const { sendable, zones } = result.planned;
  const late = retentionFault({ ...deps, options, sendable, zones, rate: deps.ceiling }, clock.now());
  if (late !== undefined) {
    await discardPlan(bucket, name, run);
    await deps.refuse({ name, judged: judgedEntry({ csv: csv.version, json }), by, reason: late }, seen);
    return over;
  }
  // Before anybody can reply: a sender that is noted for nothing does no harm.
  await deps.senders.note(result.senders);
  const committed = await commit(campaigns, newCampaign(upload, result.planned, deps, clock.now()), seen);
  if (committed === undefined) {
    await discardPlan(bucket, name, run);
    return again;
  }
  log.info("A campaign was planned.", { campaign: name, rows: committed.rows, sendable: committed.sendable });
  const waits = committed.state !== "running" || deps.reporterFeedsFirst === true;
  if (!waits) {
    await deps.feed(committed, Math.max(1, deps.ceiling * firstFeedSeconds), new Set(), {
      since: clock.now(),
      rowsAhead: 0,
      rate: deps.ceiling,
    });
  }
  // The reporter shows what waits and what takes a refused list's place, and writes the report of a campaign without anything to send.
  if (waits || seen !== undefined || committed.sendable === 0) await deps.nudge([nudgeBody({ kind: "look" })]);
  return over;
}

/** Creates the campaign's item. The answer may have been lost on the way, so the run tells whether the item is ours. */
async function commit(
  campaigns: Pick<Campaigns, "read" | "create">,
  campaign: CommittedCampaign,
  seen: Campaign | undefined,
): Promise<CommittedCampaign | undefined> {
  const created =
    (await campaigns.create(campaign, seen)) ?? (await campaigns.read(campaign.name, { consistent: true }));
  return created !== undefined && created.state !== "refused" && created.run === campaign.run ? created : undefined;
}

/** Whether a list or options came or went since they were found. */
async function discardPlan(bucket: Bucket, name: string, run: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of bucket.list(planKeys(name, run).prefix)) keys.push(key);
  await bucket.delete(keys);
}
