import type { AccountDeed } from "../shared/account/account.ts";
import type { Campaign, CommittedCampaign, HistoryEntry } from "../shared/campaign/campaign.ts";
import type { NotedDeed } from "../shared/campaign/deeds.ts";
import { personOf } from "../shared/campaign/person.ts";
import { counted, grouped, iso } from "../shared/in-words.ts";
import { entryOfDeed, itself } from "../shared/reconcile/account-history.ts";

/** Something that happened to a campaign, or to the whole account, as `history --json` prints it. */
export interface HistoryLine {
  readonly at: string;
  /** Absent for what concerns the whole account. */
  readonly campaign?: string;
  /** `uploaded`, `paused`, `changed the rate` …; for programs as well. */
  readonly what: string;
  /** Absent for what happened by itself. */
  readonly by?: string;
  /** Why, or how much. */
  readonly detail?: string;
}

/** What people did to the whole account. */
export const accountEntries = (deeds: readonly AccountDeed[]): readonly HistoryLine[] =>
  deeds.map((deed) => {
    const { what, by, at, ...amounts } = entryOfDeed(deed);
    return { at: iso(at), what, by: personOf(by), detail: amountOf(amounts) };
  });

/**
 * What became of a campaign, with its older history in it: who did what, and how it was refused, paused by itself, or
 * ended. What people did to the whole account is left out if `ownOnly`, where the account's history says it once.
 */
export function campaignEntries(campaign: Campaign, ownOnly: boolean): readonly HistoryLine[] {
  const { name } = campaign;
  if (campaign.state === "refused") {
    const { judgedAt, reason, uploadedBy } = campaign;
    return [{ at: iso(judgedAt), campaign: name, what: "refused", by: personOf(uploadedBy), detail: reason }];
  }
  return [...deedsOf(campaign, ownOnly), ...eventsOf(campaign)].map((line) => ({ ...line, campaign: name }));
}

const deedsOf = ({ history }: CommittedCampaign, ownOnly: boolean): readonly HistoryLine[] =>
  history
    .filter(({ what, by }) => !ownOnly || by === itself || !ofTheAccount.has(what))
    .map(({ at, what, by, reason, ...amounts }) => ({
      at: iso(at),
      what,
      by: by === itself ? undefined : personOf(by),
      detail: amountOf(amounts) ?? reason,
    }));

/** What is copied from the account's history into those of campaigns. */
const ofTheAccount: ReadonlySet<string> = new Set([
  "paused all sending",
  "resumed all sending",
  "changed the rate",
  "changed the daily limit",
  "added opt-outs",
  "removed opt-outs",
]);

/** What happened without a person: a pause with its cause, the end, and uploads that changed nothing. */
function eventsOf({
  history,
  pause,
  end,
  completedAt,
  reportedAt,
  totals,
  rows,
  simulated,
  createdAt,
  ignored,
  judgedAt,
}: CommittedCampaign) {
  const lines: HistoryLine[] = [];
  const noted = history.some(({ by, at }) => by === itself && at === pause?.at);
  if (pause !== undefined && pause.by === undefined && !noted) {
    lines.push({ at: iso(pause.at), what: `paused (${pause.code})`, detail: pause.reason });
  }
  if (end !== undefined && end.why !== "cancelled") {
    lines.push({ at: iso(end.at), what: "ended", detail: end.why === "done" ? "everything was done" : end.why });
  }
  if (completedAt !== undefined) {
    const detail = `${grouped(totals?.submitted ?? 0)} of ${counted(rows, "row")} ${simulated ? "simulated" : "accepted"}`;
    lines.push({ at: iso(reportedAt ?? completedAt), what: "reported", detail });
  }
  // When each of them came is not kept, only when the last upload was judged.
  for (const { reason } of ignored) {
    lines.push({ at: iso(Math.max(judgedAt, createdAt)), what: "upload ignored", detail: reason });
  }
  return lines;
}

function amountOf({ rate, callsPerDay, numbers }: Pick<HistoryEntry, "rate" | "callsPerDay" | "numbers">) {
  if (rate !== undefined) return `${rate} a second`;
  if (numbers !== undefined) return counted(numbers, "number");
  return callsPerDay === undefined ? undefined : `${grouped(callsPerDay)} a day`;
}

/** Who checked a list, and who suppressed numbers or lifted that. */
export const deedEntries = (deeds: readonly NotedDeed[]): readonly HistoryLine[] =>
  deeds.map(({ at, what, name, numbers, by }) => ({
    at: iso(at),
    ...(name !== undefined && { campaign: name }),
    what,
    by: personOf(by),
    ...(numbers !== undefined && { detail: counted(numbers, "number") }),
  }));

/** Oldest first; at one instant in the order given. */
export const inOrder = (lines: readonly HistoryLine[]): readonly HistoryLine[] =>
  [...lines].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
