import { type Account, admissionOf } from "../account/account.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import { byRecipient, windowsInUse } from "../campaign/recipient-hours.ts";
import { isOpen, nextOpening } from "../campaign/window.ts";
import { counted, moment } from "../in-words.ts";
import type { Batches } from "../ledger/batches.ts";

/** How long nothing may be recorded before somebody asks why, in milliseconds: batches take about a second. */
const quietMs = 2_000;

/** How often the ledger is asked what is claimed, in milliseconds. */
const everyMs = 1_000;

/** Batches beyond the mark that are looked at: those in progress are among the first. */
const batchesRead = 200;

/** Says what a campaign waits for that may send but of which nothing has been recorded for a while. */
export type Waits = (campaign: CommittedCampaign, account: Account, now: number) => Promise<string | undefined>;

/** Remembers what it saw, so it is for one campaign that is followed. `now` in epoch milliseconds. */
export function createWaits(batches: Pick<Batches, "between">): Waits {
  let done = -1;
  let since = 0;
  let askedAt = 0;
  let said: string | undefined;
  return async (campaign, account, now) => {
    const { submitted, failed, unknown, skipped } = campaign.tally;
    const recorded = submitted + failed + unknown + skipped;
    if (recorded !== done) {
      done = recorded;
      since = now;
      said = undefined;
    }
    if (campaign.state !== "running" || now - since < quietMs) return undefined;
    if (now - askedAt < everyMs) return said;
    askedAt = now;
    said = await reasonOf(batches, campaign, account, now);
    return said;
  };
}

async function reasonOf(
  batches: Pick<Batches, "between">,
  campaign: CommittedCampaign,
  account: Account,
  now: number,
): Promise<string> {
  const { name, mark, lastBatch } = campaign;
  if (admissionOf(account, now).kind === "probing") {
    return "One message is tried first; the others follow once it is answered.";
  }
  let calls = 0;
  if (mark < lastBatch) {
    for await (const item of batches.between(name, mark + 1, Math.min(lastBatch, mark + batchesRead))) {
      if (item.state === "claimed" && item.leaseUntil > now) calls += item.firing.length;
    }
  }
  if (calls > 0) return `Waiting for the answers of ${counted(calls, "call")}.`;
  const opening = nextHours(campaign, now);
  return opening === undefined
    ? "Waiting for the next messages to be taken up."
    : `What is left waits for its recipients' hours, of which the next begin at ${moment(opening)}, or to be taken up.`;
}

/** When the next hours begin of recipients whose hours have not come, epoch milliseconds; `undefined` where everybody's have. */
function nextHours(campaign: CommittedCampaign, now: number): number | undefined {
  if (!byRecipient(campaign)) return undefined;
  const openings = windowsInUse(campaign)
    .filter((windows) => !isOpen(windows, now))
    .flatMap((windows) => nextOpening(windows, now) ?? []);
  return openings.length === 0 ? undefined : Math.min(...openings);
}
