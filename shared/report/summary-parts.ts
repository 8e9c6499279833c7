import type { CommittedCampaign } from "../campaign/campaign.ts";
import { type ForecastRequest, forecastHours } from "../campaign/hours-forecast.ts";
import type { Defaults } from "../campaign/options.ts";
import { personOf } from "../campaign/person.ts";
import { type CountrySegments, costOf, type Prices } from "../campaign/prices.ts";
import { byRecipient, type Hours } from "../campaign/recipient-hours.ts";
import { iso } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import type { Reason } from "./reasons.ts";
import type { Summary } from "./summary.ts";

/** What a summary says about the upload itself, whatever happened to its rows. */
export const uploadPart = (campaign: CommittedCampaign, head: PlanHead | undefined) => ({
  uploadedBy: personOf(campaign.uploadedBy),
  approval: approvalOf(campaign),
  history: campaign.history.map((deed) => ({ ...deed, by: personOf(deed.by), at: iso(deed.at) })),
  options: campaign.options,
  defaults: campaign.defaults,
  dialect: { ...campaign.dialect, samples: [...(head?.samples ?? [])] },
  unicode: head?.unicode,
  footer: footerPart(campaign.defaults, head),
  warnings: head?.warnings,
  ignoredUploads: [...campaign.ignored],
});

/** How far ahead the end of sending is looked for, ms: live pages are written every minute, a check is made once. */
const horizonMs = { live: 14 * 24 * 3600_000, check: 100 * 24 * 3600_000 } as const;

/** The recipients' zones with their hours, and when each will be done; nothing where no hours are by the recipients' clocks. */
export function zonesPart(
  hours: Hours,
  { sendBefore, ...request }: Omit<ForecastRequest, "until"> & { readonly sendBefore: string | undefined },
  shown: keyof typeof horizonMs = "live",
): Summary["zones"] {
  const { zones } = hours;
  if (zones === undefined || !byRecipient(hours)) return undefined;
  const horizon = request.from + horizonMs[shown];
  const before = sendBefore === undefined ? horizon : Date.parse(sendBefore);
  const until = Math.min(horizon, before);
  const instant = (at: number | undefined) => (at === undefined ? undefined : iso(at));
  return forecastHours({ ...hours, zones }, { ...request, until })
    .filter(({ rows }) => rows > 0)
    .map(({ zones: names, rows, opensAt, closesAt, doneAt, late }) => ({
      zones: [...names],
      rows,
      opensAt: instant(opensAt),
      closesAt: instant(closesAt),
      doneAt: instant(doneAt),
      // What is only too far ahead may yet be in time.
      late: late === 0 || before >= horizon ? undefined : late,
    }));
}

/** What was put under texts that name no way to stop. */
export const footerPart = ({ optOut }: Defaults, head: PlanHead | undefined): Summary["footer"] =>
  optOut === undefined || head?.footed === undefined ? undefined : { text: optOut.footer, messages: head.footed };

/** Who accepts a campaign's messages, in words. */
export const accepter = ({ simulated }: Pick<CommittedCampaign, "simulated">): string =>
  simulated ? "the simulator" : "Enswitch";

/** A sentence about a campaign, so that nobody takes a simulation for messages that were sent. */
export const simulatedText = (text: string, { simulated }: Pick<CommittedCampaign, "simulated">): string =>
  simulated ? `${text} (simulated: nothing is really sent)` : text;

function approvalOf({ approval, pause, run }: CommittedCampaign): Summary["approval"] {
  if (approval !== undefined) return { plan: run, by: personOf(approval.by), at: iso(approval.at) };
  return pause?.code === "approval" ? { plan: run } : undefined;
}

/** What a campaign costs, where its stack had prices: all that is to be sent and, when it is over, what was submitted. */
export const costPart = (
  prices: Prices | undefined,
  planned: CountrySegments | undefined,
  submitted?: CountrySegments,
): Summary["cost"] =>
  prices === undefined || planned === undefined
    ? undefined
    : {
        currency: prices.currency,
        estimated: costOf(prices, planned),
        submitted: submitted && costOf(prices, submitted),
      };

/** Reasons as a summary lists them. */
export const problemsOf = (reasons: readonly Reason[]): Summary["problems"] =>
  reasons.map((reason) => ({
    ...reason,
    rows: [...reason.rows],
    lines: reason.lines === undefined || reason.lines.length === 0 ? undefined : [...reason.lines],
    examples: reason.examples ? [...reason.examples] : undefined,
  }));
