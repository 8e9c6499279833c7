import type { CommittedCampaign } from "../campaign/campaign.ts";
import { sendingTime } from "../campaign/sending-time.ts";
import { counted, grouped, iso } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { liveCounts } from "./live-counts.ts";
import { liveState, type SendingConditions } from "./live-state.ts";
import { liveSteps } from "./next-steps.ts";
import { plannedReasons, type Reason } from "./reasons.ts";
import { type Summary, summaryVersion } from "./summary.ts";
import { accepter, costPart, problemsOf, simulatedText, uploadPart, zonesPart } from "./summary-parts.ts";
import { asWouldBeSent } from "./would-be-sent.ts";
import { liveFiles } from "./written-files.ts";

/**
 * The summary of a campaign that is not over yet, from its tallies: good enough to watch, while the ledger has the truth.
 * `now` in epoch milliseconds; `plan`, the plan's head, adds the plan's reasons and samples, and
 * `tried` why rows have failed or are in doubt (`recentReasons`), and `optedOut` how many people opted out meanwhile.
 */
export function liveSummary(
  planned: CommittedCampaign,
  conditions: SendingConditions,
  now: number,
  plan?: PlanHead,
  tried: readonly Reason[] = [],
  optedOut?: number,
): Summary {
  const { campaign, head } = asWouldBeSent({ campaign: planned, head: plan });
  const { name, tally, rows } = campaign;
  const { counts, remaining } = liveCounts(campaign);
  const { state, text, reason, pause, until } = liveState(campaign, conditions);
  const { hold, rate } = conditions.account;
  const continuesBySelf = state === "running" || (state === "waiting" && until !== undefined);
  const start = Math.max(now, until ?? now);
  const zones = zonesOf(campaign, onDayOf(conditions, now, start), start);
  const end =
    continuesBySelf && remaining > 0 && rate > 0
      ? zones === undefined
        ? endOf(campaign, onDayOf(conditions, now, start), start)
        : latest(zones)
      : undefined;
  return {
    schemaVersion: summaryVersion,
    name,
    state,
    stateText: simulatedText(
      pause?.code === "approval"
        ? `${text}: ${counted(campaign.sendable, "message")} would be sent`
        : `${text}: ${grouped(tally.submitted)} of ${grouped(rows)} accepted by ${accepter(campaign)} so far`,
      campaign,
    ),
    simulated: campaign.simulated,
    reason,
    pause: pause && { code: pause.code, at: iso(pause.at), by: pause.by },
    rows,
    counts,
    remaining,
    zones,
    segments: { total: campaign.segments, distribution: { ...head?.segments.distribution } },
    cost: costPart(campaign.defaults.prices, campaign.countries),
    startedAt: iso(campaign.createdAt),
    estimatedEndAt: end === undefined ? undefined : iso(end),
    waitsUntil: until === undefined ? undefined : iso(until),
    endpointSilentSince: hold && iso(hold.since),
    ended: campaign.end?.why,
    rate: { set: rate },
    ...uploadPart(campaign, head),
    optedOut,
    ...(pause?.code === "approval" ? previewOf(head) : {}),
    problems: problemsOf([...tried, ...plannedReasons(head?.problems ?? [], campaign)]),
    files: [...liveFiles],
    nextSteps: [...liveSteps(pause, campaign, conditions)],
    updatedAt: iso(now),
  };
}

/** The conditions as they are at `start`: what is used of today's calls is no matter where that is another day. */
function onDayOf(conditions: SendingConditions, now: number, start: number): SendingConditions {
  const { account } = conditions;
  const { day } = account;
  return day === undefined || start < day.midnightAfter(now)
    ? conditions
    : { ...conditions, account: { ...account, day: { ...day, used: 0 } } };
}

/** When a campaign that goes on at `start` (epoch ms) will be over, by its windows, the day's limit and `sendBefore`. */
function endOf(campaign: CommittedCampaign, conditions: SendingConditions, start: number): number | undefined {
  const { options, defaults, retainUntil } = campaign;
  const { rate, day } = conditions.account;
  const windows = [options.window, defaults.window].filter((window) => window !== undefined);
  const rows = queueAhead(liveCounts(campaign).remaining, conditions.othersUnsent ?? []);
  const { end } = sendingTime(rows, { rate, windows, day }, start, retainUntil);
  const before = options.sendBefore === undefined ? undefined : Date.parse(options.sendBefore);
  return end === undefined || before === undefined ? end : Math.min(end, before);
}

/** How sending to each zone goes on, from `start` (epoch ms). */
function zonesOf(campaign: CommittedCampaign, conditions: SendingConditions, start: number): Summary["zones"] {
  const { remaining } = liveCounts(campaign);
  const rows = queueAhead(remaining, conditions.othersUnsent ?? []);
  const share = rows > 0 ? remaining / rows : 1;
  const { rate, day } = conditions.account;
  return zonesPart(campaign, {
    from: start,
    rate: rate * share,
    day: day && { ...day, calls: Math.max(1, day.calls * share), used: day.used * share },
    sendBefore: campaign.options.sendBefore,
    sent: { rows: campaign.sendable - remaining, begun: campaign.createdAt },
  });
}

/** When the last of all zones is done, epoch ms; undefined when one is not. */
function latest(zones: NonNullable<Summary["zones"]>): number | undefined {
  const ends = zones.map(({ doneAt }) => (doneAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(doneAt)));
  const end = Math.max(...ends);
  return Number.isFinite(end) ? end : undefined;
}

/** How many messages are shown as they will read. */
const messagesShown = 3;

/** What somebody who approves has to see. */
const previewOf = (head: PlanHead | undefined): Pick<Summary, "recipients" | "countedAt" | "messages"> => ({
  recipients: head?.preview?.countries.map((country) => ({ ...country })),
  countedAt: head?.preview?.left && iso(head.preview.left.at),
  messages: head?.preview?.messages.slice(0, messagesShown).map((message) => ({ ...message })),
});

/** Rows sent until the last of `mine` is, as campaigns take turns: each other one delays it by at most its own length. */
const queueAhead = (mine: number, others: readonly number[]) =>
  others.reduce((ahead, theirs) => ahead + Math.min(mine, theirs), mine);
