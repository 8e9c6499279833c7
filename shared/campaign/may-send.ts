import { type Account, admissionOf } from "../account/account.ts";
import type { Pause } from "../account/pause.ts";
import type { SendRow } from "../plan/plan.ts";
import type { Campaign, CommittedCampaign } from "./campaign.ts";
import { windowsInUse, windowsOfRow } from "./recipient-hours.ts";
import { isOpen, nextOpening } from "./window.ts";

/** Whether a campaign's rows may be fired at an instant, and if not, what it waits for. */
export type MaySend =
  | { readonly kind: "yes" }
  /** Over, replaced or never begun: nothing of it is ever sent again. */
  | { readonly kind: "never" }
  | { readonly kind: "campaign-paused"; readonly pause: Pause }
  | { readonly kind: "account-paused"; readonly pause: Pause }
  | { readonly kind: "held"; readonly until: number; readonly since: number; readonly reason: string }
  /** `sendAfter`, the window or the most calls of a day; `until` is absent when no opening is in sight. */
  | { readonly kind: "waiting"; readonly why: "sendAfter" | "window" | "day-full"; readonly until: number | undefined }
  /** `sendBefore` has passed: the campaign is to be ended. */
  | { readonly kind: "expired"; readonly why: "sendBefore" | "retention" };

/** How long before its batch items expire a campaign is closed, at most: time to write its report. */
const closingMs = 24 * 3600_000;

/** When the campaign must be closed because the ledger forgets it soon after, epoch milliseconds. */
export const closesAt = (campaign: Pick<CommittedCampaign, "retainUntil" | "createdAt">): number =>
  campaign.retainUntil - Math.min(closingMs, (campaign.retainUntil - campaign.createdAt) / 10);

/**
 * The one rule of when a campaign may send, for sender, reporter and pages. The splitter's first feed does not ask: what
 * it queues too early, the sender parks. With a `row`: whether this one may be sent; without, whether any may, which are
 * two questions only where hours are by the recipients' clocks.
 */
export function maySend(
  campaign: Campaign | undefined,
  account: Account,
  now: number,
  row?: Pick<SendRow, "zone">,
): MaySend {
  if (campaign === undefined || (campaign.state !== "running" && campaign.state !== "paused")) return { kind: "never" };
  const { options } = campaign;
  if (options.sendBefore !== undefined && now >= Date.parse(options.sendBefore)) {
    return { kind: "expired", why: "sendBefore" };
  }
  if (now >= closesAt(campaign)) return { kind: "expired", why: "retention" };
  if (campaign.state === "paused") {
    return { kind: "campaign-paused", pause: campaign.pause ?? { code: "person", reason: "Paused.", at: now } };
  }
  const admission = admissionOf(account, now);
  if (admission.kind === "paused") return { kind: "account-paused", pause: admission.pause };
  if (admission.kind === "held") return admission;
  if (admission.kind === "day-full") return { kind: "waiting", why: "day-full", until: admission.until };
  if (options.sendAfter !== undefined && now < Date.parse(options.sendAfter)) {
    return { kind: "waiting", why: "sendAfter", until: Date.parse(options.sendAfter) };
  }
  const own = row === undefined ? undefined : windowsOfRow(campaign, row.zone);
  const hours = row === undefined ? windowsInUse(campaign) : own === undefined ? [] : [own];
  if (hours.some((windows) => isOpen(windows, now))) return { kind: "yes" };
  const openings = hours.flatMap((windows) => nextOpening(windows, now) ?? []);
  return { kind: "waiting", why: "window", until: openings.length === 0 ? undefined : Math.min(...openings) };
}
