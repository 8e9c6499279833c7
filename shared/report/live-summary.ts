import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";
import { counted, grouped, iso, moment, sentence } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { described } from "./final-summary.ts";
import { plannedReasons } from "./reasons.ts";
import { type Summary, type SummaryState, summaryVersion } from "./summary.ts";

/** What the campaign's item does not say, but how it stands depends on. Instants in epoch milliseconds. */
export interface SendingConditions {
  readonly account: {
    /** Calls per second that the account may make. */
    readonly rate: number;
    readonly pause?: Pause;
    /** The endpoint fails: nothing is sent until `until`. */
    readonly hold?: { readonly since: number; readonly until: number; readonly reason: string };
  };
  /** Why this campaign may not send at present although nothing is wrong: a closed window, `sendAfter`. */
  readonly waitingFor?: { readonly reason: string; readonly until?: number };
  /** Unsent rows of every other campaign that is sending now: they share the rate. */
  readonly othersUnsent?: readonly number[];
}

interface LiveState {
  readonly state: SummaryState;
  readonly text: string;
  readonly reason?: string;
  readonly pause?: Pause;
  readonly until?: number;
}

/**
 * The summary of a campaign that is not over yet, from its tallies: good for watching, while the ledger has the truth.
 * `head` adds the plan's reasons and samples.
 */
export function liveSummary(
  campaign: CommittedCampaign,
  conditions: SendingConditions,
  now: number,
  head?: PlanHead,
): Summary {
  const { name, tally, rows } = campaign;
  const { counts, remaining } = liveCounts(campaign);
  const { state, text, reason, pause, until } = liveState(campaign, conditions);
  const { hold, rate } = conditions.account;
  const goesOnBySelf = state === "running" || (state === "waiting" && until !== undefined);
  const start = Math.max(now, until ?? now);
  const seconds = queueAhead(remaining, conditions.othersUnsent ?? []) / rate;
  return {
    schemaVersion: summaryVersion,
    name,
    state,
    stateText: `${text}: ${grouped(tally.submitted)} of ${grouped(rows)} accepted by Enswitch so far`,
    reason,
    pause: pause && { code: pause.code, at: iso(pause.at), by: pause.by },
    rows,
    counts,
    remaining,
    segments: { total: campaign.segments, distribution: { ...head?.segments.distribution } },
    startedAt: iso(campaign.createdAt),
    estimatedEndAt: goesOnBySelf && remaining > 0 && rate > 0 ? iso(start + seconds * 1000) : undefined,
    waitsUntil: until === undefined ? undefined : iso(until),
    endpointSilentSince: hold && iso(hold.since),
    ended: campaign.end?.why,
    rate: { set: rate },
    ...described(campaign, head),
    problems: plannedReasons(head?.problems ?? [], campaign).map((problem) => ({
      ...problem,
      rows: [...problem.rows],
      examples: problem.examples ? [...problem.examples] : undefined,
    })),
    files: [
      { name: "summary.json", holds: "The figures of this page, for programs." },
      { name: "report.html", holds: "This page; the report takes its place when the campaign is over." },
    ],
    nextSteps: [...liveSteps(state, pause, campaign)],
    updatedAt: iso(now),
  };
}

/** Rows by status so far, and those whose turn is to come, from the tallies. */
export function liveCounts({ tally, sendable, invalid, skipped }: CommittedCampaign): {
  readonly counts: Record<RowStatus, number>;
  readonly remaining: number;
} {
  return {
    counts: {
      submitted: tally.submitted,
      failed: tally.failed,
      unknown: tally.unknown,
      invalid,
      skipped: skipped + tally.skipped,
      cancelled: 0,
    },
    remaining: Math.max(0, sendable - tally.submitted - tally.failed - tally.unknown - tally.skipped),
  };
}

/** How a campaign stands: the strongest of what keeps it from sending. */
function liveState(campaign: CommittedCampaign, { account, waitingFor }: SendingConditions): LiveState {
  if (campaign.state === "complete") return { state: "complete", text: "Complete" };
  if (campaign.state === "ending") {
    return { state: "ending", text: "Ending, the last answers are awaited and the report is written" };
  }
  const pause = campaign.pause ?? account.pause;
  if (pause) {
    const what = campaign.pause ? "Paused" : "Paused with the whole account";
    return { state: "paused", text: `${what}${pause.by ? ` by ${pause.by}` : ""}`, reason: pause.reason, pause };
  }
  if (account.hold) {
    const { since, until, reason } = account.hold;
    return {
      state: "waiting",
      text: "Waiting",
      reason: `Enswitch has not been answering as it should since ${moment(since)}; the next try is at ${moment(until)}. ${sentence(reason)}`,
      until,
    };
  }
  if (waitingFor) {
    const { reason, until } = waitingFor;
    return {
      state: "waiting",
      text: until === undefined ? "Waiting" : `Waiting until ${moment(until)}`,
      reason,
      until,
    };
  }
  return { state: "running", text: "Sending" };
}

/** Rows sent until the last of `mine` is, when campaigns take turns: the others hold it up by at most its own length each. */
const queueAhead = (mine: number, others: readonly number[]) =>
  others.reduce((ahead, theirs) => ahead + Math.min(mine, theirs), mine);

function liveSteps(state: SummaryState, pause: Pause | undefined, campaign: CommittedCampaign): readonly string[] {
  if (state === "paused" && pause) {
    const scope = campaign.pause ? ` ${campaign.name}` : "";
    return [
      pause.code === "credentials"
        ? `${sentence(pause.reason)} Store working credentials with "bulk-send credentials"; sending then goes on by itself.`
        : pause.code === "person"
          ? `${sentence(pause.reason)} "bulk-send resume${scope}" goes on with the next row.`
          : `${sentence(pause.reason)} When that is mended, "bulk-send resume${scope}" goes on with the next row.`,
    ];
  }
  const judged = campaign.invalid + campaign.skipped;
  return [
    ...(judged > 0
      ? [`${counted(judged, "row")} will not be sent; the report will list each with its reason in report.csv.`]
      : []),
    "Nothing needs to be done; report.csv, not-sent.csv and unknown.csv are written when the campaign is over.",
  ];
}
