import type { Account } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { FedBatch, LaterOptOuts } from "../opt-outs/later-opt-outs.ts";
import type { BatchMessage } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";

/** What decides whether a batch may be sent: its campaign and the account, read together. */
export interface SendState {
  readonly campaign: CommittedCampaign;
  readonly account: Account;
  /** Which of the message's rows were opted out after it was fed. */
  readonly optedOut: LaterOptOuts;
}

/** Reads the state for a message; `undefined` when the message belongs to an earlier pass or to no campaign. */
export interface SendStates {
  /** Reads it now, consistently. */
  readNow(message: BatchMessage): Promise<SendState | undefined>;
  /** The same, up to a second old and shared by the batches of an execution. */
  readRecent(message: BatchMessage): Promise<SendState | undefined>;
  /** Something has changed: the next `readRecent` reads again. */
  invalidate(): void;
}

/** How long a state is trusted before anything is claimed; after a claim, only one read since then is. */
const recentMs = 1_000;

/** Reads states from the ledger. */
export function createSendStates(deps: {
  campaigns: Pick<Campaigns, "read">;
  account: Pick<AccountStore, "read">;
  laterOptOuts: (batch: FedBatch) => Promise<LaterOptOuts>;
  clock: Pick<Clock, "now">;
}): SendStates {
  const { campaigns, account, laterOptOuts, clock } = deps;
  const recent = new Map<string, { at: number; state: Promise<SendState | undefined> }>();

  const readNow: SendStates["readNow"] = async (message) => {
    const [campaign, state] = await Promise.all([
      campaigns.read(message.campaign, { consistent: true }),
      account.read(),
    ]);
    if (campaign === undefined || campaign.state === "refused") return undefined;
    if (campaign.run !== message.run || campaign.pass !== message.pass) return undefined;
    const optedOut = await laterOptOuts({
      known: message.decisions ?? 0,
      latest: state.optOuts?.sequence ?? 0,
      country: campaign.options.country ?? campaign.defaults.country,
    });
    return { campaign, account: state, optedOut };
  };

  return {
    readNow,
    readRecent: (message) => {
      const key = JSON.stringify([message.campaign, message.run, message.pass, message.decisions]);
      const known = recent.get(key);
      if (known !== undefined && clock.now() - known.at < recentMs) return known.state;
      const state = readNow(message);
      recent.set(key, { at: clock.now(), state });
      state.catch(() => recent.delete(key));
      return state;
    },
    invalidate: () => recent.clear(),
  };
}
