import { type Account, resumeAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Batches } from "../ledger/batches.ts";
import type { PlanningAttempts } from "../split/planning-attempts.ts";
import type { UploadSearches } from "../split/upload-searches.ts";
import { countingLost } from "./count-lost.ts";
import { readProgress } from "./read-progress.ts";

/** What a restart depends on. */
export interface RestartDeps {
  readonly campaigns: Pick<Campaigns, "all" | "change" | "count">;
  readonly batches: Pick<Batches, "between" | "settle">;
  readonly account: Pick<AccountStore, "change">;
  readonly planning: Pick<PlanningAttempts, "endAll">;
  readonly searches: Pick<UploadSearches, "forgetAnnouncements">;
}

/** Whom a shutdown of the whole machinery is attributed to: its pause ends with the next start. */
const machine = "bulk-send itself";

/**
 * Prepares the ledger of a machine that was off: every holder of a claim or a probe is dead and every queue is empty, so
 * claims are settled whatever their lease, each running campaign's next pass is due, and what was being judged can be judged again.
 * What senders that were killed had not counted yet is, so that whoever looks sees at once what is in doubt. Must run before anything
 * sends, and only where nothing else can be sending. Returns the campaigns that are not over.
 */
export async function restart({
  campaigns,
  batches,
  account,
  planning,
  searches,
}: RestartDeps): Promise<readonly CommittedCampaign[]> {
  const unfinished: CommittedCampaign[] = [];
  // One that cannot be read is left as it is; the reporter reports it at every look.
  for await (const campaign of campaigns.all(() => {})) {
    if (campaign.state === "refused" || campaign.state === "complete") continue;
    const { watched, lost } = countingLost(batches, campaign);
    await readProgress(watched, campaign, Number.POSITIVE_INFINITY);
    const parked = await campaigns.change(campaign, { pass: campaign.pass }, { parked: campaign.pass });
    const missing = await lost();
    const counted = missing && (await campaigns.count(campaign, missing.add, missing.recordedAt));
    unfinished.push(counted ?? parked ?? campaign);
  }
  await planning.endAll();
  await searches.forgetAnnouncements();
  await account.change((state) => ({ account: restarted(state), result: undefined }));
  return unfinished;
}

/** Lets nothing new begin, so that what is under way can be recorded before the shutdown; `restart` undoes it. */
export const stopSending = (account: Pick<AccountStore, "change">): Promise<void> =>
  account.change((state, now) => {
    if (state.pause !== undefined) return { account: state, result: undefined };
    const pause: Pause = { code: "person", reason: "Stopped; the next start goes on.", at: now, by: machine };
    return { account: { ...state, pause, epoch: state.epoch + 1 }, result: undefined };
  });

/** Whether the account only waits for the machinery to be started again. */
export const isStopped = ({ pause }: Pick<Account, "pause">): boolean => pause?.by === machine;

/** The account without the probe of a dead holder and without a shutdown's pause. Holds and people's pauses stay. */
function restarted(state: Account): Account {
  const going = state.probe === undefined ? state : { ...state, probe: undefined, probeDue: true };
  if (isStopped(going)) return { ...going, pause: undefined, epoch: going.epoch + 1 };
  return going;
}

/** Undoes `stopSending` and nothing else, for commands that only look and decide while nothing runs. */
export const clearShutdown = (account: Pick<AccountStore, "change">): Promise<void> =>
  account.change((state) => ({
    account: isStopped(state) ? { ...state, pause: undefined, epoch: state.epoch + 1 } : state,
    result: undefined,
  }));

/** Ends a pause with one of these codes, because its cause has been fixed. */
export const resumeAfterFix = (account: Pick<AccountStore, "change">, codes: readonly Pause["code"][]): Promise<void> =>
  account.change((state) => ({
    account: state.pause !== undefined && codes.includes(state.pause.code) ? resumeAccount(state) : state,
    result: undefined,
  }));
