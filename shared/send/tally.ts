import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { startOf } from "../campaign/events.ts";
import { sentence } from "../in-words.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";

/** The tallies of one execution. */
export interface ExecutionTally {
  /** Counts fresh outcomes of a campaign; writes them now or with the next ones, once in three seconds. Throws when it cannot. */
  add(campaign: CommittedCampaign, fresh: readonly Outcome[]): Promise<void>;
  /** Writes what hasn't been written yet. Throws when it cannot. */
  flush(): Promise<void>;
}

/** Shortest time between two writes of a campaign's tallies by one execution: a person who watches can wait as long. */
const everyMs = 3_000;

interface Counted {
  readonly campaign: CommittedCampaign;
  add: Record<"submitted" | "failed" | "unknown" | "skipped" | "recentCalls" | "recentFailed", number>;
  writtenAt: number;
  /** What Enswitch said, or what happened to the call, of the latest failure here. */
  lastFailure: Outcome | undefined;
}

const nothing: Counted["add"] = {
  submitted: 0,
  failed: 0,
  unknown: 0,
  skipped: 0,
  recentCalls: 0,
  recentFailed: 0,
};

/**
 * Adds fresh outcomes to a campaign's tallies, pauses it when as many fail as its `stopAfterFailures` names, and has
 * the reporter look when everything seems done. Tallies are hints: what is lost or counted twice here is soon corrected.
 */
export function createTally(deps: {
  campaigns: Pick<Campaigns, "change" | "count">;
  nudge: Enqueue;
  metrics: Metrics;
  clock: Pick<Clock, "now">;
}): ExecutionTally {
  const { campaigns, nudge, metrics, clock } = deps;
  const counted = new Map<string, Counted>();

  const write = async (one: Counted): Promise<void> => {
    const { campaign, add } = one;
    one.add = nothing;
    one.writtenAt = clock.now();
    const after = await campaigns.count(campaign, add, clock.now());
    if (after === undefined) return;
    const { tally, sendable } = after;
    await stopAfterFailures(deps, after, one.lastFailure);
    if (tally.submitted + tally.failed + tally.unknown + tally.skipped >= sendable) {
      await nudge([nudgeBody({ kind: "look" })]);
    }
  };

  return {
    add: async (campaign, fresh) => {
      const count = (status: Outcome["status"]) => fresh.filter((outcome) => outcome.status === status).length;
      const submitted = count("submitted");
      const failed = count("failed");
      const unknown = count("unknown");
      const skipped = count("skipped");
      metrics.add("Submitted", submitted);
      metrics.add("Failed", failed);
      metrics.add("Unknown", unknown);
      metrics.add("NotSent", count("open"));
      const key = JSON.stringify([campaign.name, campaign.run]);
      const before = counted.get(key);
      const add = before?.add ?? nothing;
      const one: Counted = {
        campaign,
        writtenAt: before?.writtenAt ?? Number.NEGATIVE_INFINITY,
        // A pause names it, so that nobody has to look for the reasons first.
        lastFailure: fresh.findLast(({ status }) => status === "failed") ?? before?.lastFailure,
        add: {
          submitted: add.submitted + submitted,
          failed: add.failed + failed,
          unknown: add.unknown + unknown,
          skipped: add.skipped + skipped,
          recentCalls: add.recentCalls + submitted + failed + unknown,
          recentFailed: add.recentFailed + failed,
        },
      };
      counted.set(key, one);
      // A campaign with stopAfterFailures must not learn of its failures late.
      const urgent = campaign.options.stopAfterFailures !== undefined;
      if (urgent || clock.now() - one.writtenAt >= everyMs) await write(one);
    },

    flush: async () => {
      for (const one of counted.values()) if (one.add !== nothing) await write(one);
    },
  };
}

/** The latest failure as part of a sentence, without what may be somebody's number. */
function latestInWords(failure: Outcome | undefined): string {
  const said = [failure?.code, failure?.key, failure?.detail].filter((part) => part !== undefined && part !== "");
  return said.length === 0 ? "" : ` The latest: ${sentence(said.join(" ").replace(/\d{5,}/gu, "…"))}`;
}

/** Pauses the campaign when a window of calls has as many failures as it may not have, or begins the next window. */
async function stopAfterFailures(
  { campaigns, clock }: Pick<Parameters<typeof createTally>[0], "campaigns" | "clock">,
  campaign: CommittedCampaign,
  latest: Outcome | undefined,
): Promise<void> {
  const { recentCalls, recentFailed } = campaign.tally;
  const limit = campaign.options.stopAfterFailures;
  if (limit === undefined || campaign.state !== "running") return;
  // Older versions subtracted a window more than once, so that what they left may be negative.
  const broken = recentCalls < 0 || recentFailed < 0;
  if (recentCalls < limit.after && !broken) return;
  if (!broken && recentFailed / recentCalls >= limit.rate) {
    const reason = `${recentFailed} of the last ${recentCalls} calls failed; stopAfterFailures allows ${limit.rate * 100} %.${latestInWords(latest)} Look at the reasons, then resume or cancel.`;
    await campaigns.change(
      campaign,
      { pass: campaign.pass, state: "running", started: campaign.started },
      { state: "paused", pause: { code: "failures", reason, at: clock.now() }, ...startOf(campaign) },
    );
    return;
  }
  // Only the window that was seen: another execution may have ended it, or counted more, in the meantime.
  const seen = { recentCalls, recentFailed };
  await campaigns.count(campaign, { recentCalls: -recentCalls, recentFailed: -recentFailed }, clock.now(), seen);
}
