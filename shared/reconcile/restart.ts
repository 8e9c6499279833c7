import { type Account, resumeAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Batches } from "../ledger/batches.ts";
import { readProgress } from "./read-progress.ts";

/** What a restart needs of the world. */
export interface RestartDeps {
  readonly campaigns: Pick<Campaigns, "all" | "change">;
  readonly batches: Pick<Batches, "between" | "settle">;
  readonly account: Pick<AccountStore, "change">;
}

/** Who a stop of the whole machinery is ascribed to: such a pause ends with the next start. */
const machine = "bulk-send itself";

/**
 * Brings the ledger of a machine that was off to where work can begin: every holder of a claim or a probe is dead and
 * every queue is empty, so claims are settled whatever their lease, and each running campaign's next pass is due.
 * Must run before anything sends, and only where nothing else can be sending. Returns the campaigns that are not over.
 */
export async function restart({ campaigns, batches, account }: RestartDeps): Promise<readonly CommittedCampaign[]> {
  const unfinished: CommittedCampaign[] = [];
  // One that cannot be read is left as it is; the reporter says so, again and again.
  for await (const campaign of campaigns.all(() => {})) {
    if (campaign.state === "refused" || campaign.state === "complete") continue;
    await readProgress(batches, campaign, Number.POSITIVE_INFINITY);
    const parked = await campaigns.change(campaign, { pass: campaign.pass }, { parked: campaign.pass });
    unfinished.push(parked ?? campaign);
  }
  await account.change((state) => ({ account: restarted(state), result: undefined }));
  return unfinished;
}

/** Lets nothing new begin, so that what is under way can be noted before the machinery ends; `restart` undoes it. */
export const stopSending = (account: Pick<AccountStore, "change">): Promise<void> =>
  account.change((state, now) => {
    if (state.pause !== undefined) return { account: state, result: undefined };
    const pause: Pause = { code: "person", reason: "Stopped; the next start goes on.", at: now, by: machine };
    return { account: { ...state, pause, epoch: state.epoch + 1 }, result: undefined };
  });

/** Whether the account only waits for the machinery to be started again. */
export const isStopped = ({ pause }: Pick<Account, "pause">): boolean => pause?.by === machine;

/** The account without the probe of a dead holder and without a stop. Holds and people's pauses stay. */
function restarted(state: Account): Account {
  const going = state.probe === undefined ? state : { ...state, probe: undefined, probeDue: true };
  if (isStopped(going)) return { ...going, pause: undefined, epoch: going.epoch + 1 };
  return going;
}

/** Takes back `stopSending`, and nothing else: for whoever only looks and decides while nothing runs. */
export const clearShutdown = (account: Pick<AccountStore, "change">): Promise<void> =>
  account.change((state) => ({
    account: isStopped(state) ? { ...state, pause: undefined, epoch: state.epoch + 1 } : state,
    result: undefined,
  }));

/** Ends a pause for one of these reasons, because what it waited for has been mended. */
export const resumeAfterFix = (account: Pick<AccountStore, "change">, codes: readonly Pause["code"][]): Promise<void> =>
  account.change((state) => ({
    account: state.pause !== undefined && codes.includes(state.pause.code) ? resumeAccount(state) : state,
    result: undefined,
  }));
