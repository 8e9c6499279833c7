import type { Account } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { BatchMessage } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";

/** A campaign and the account as they stand together. */
export interface Situation {
  readonly campaign: CommittedCampaign;
  readonly account: Account;
}

/** How a message's campaign stands; `undefined` when the message is of an earlier pass or of no campaign. */
export interface Situations {
  /** Read consistently, now. */
  look(message: BatchMessage): Promise<Situation | undefined>;
  /** The same, at most a second old and shared among the batches of an execution. */
  glance(message: BatchMessage): Promise<Situation | undefined>;
  /** Something has changed: the next glance is a look. */
  forget(): void;
}

/** How long a look is believed before anything is claimed; afterwards only a fresh one is. */
const recentMs = 1_000;

/** Reads situations from the ledger. */
export function createSituations(deps: {
  campaigns: Pick<Campaigns, "read">;
  account: Pick<AccountStore, "read">;
  clock: Pick<Clock, "now">;
}): Situations {
  const { campaigns, account, clock } = deps;
  const recent = new Map<string, { at: number; situation: Promise<Situation | undefined> }>();

  const look: Situations["look"] = async (message) => {
    const [campaign, state] = await Promise.all([
      campaigns.read(message.campaign, { consistent: true }),
      account.read(),
    ]);
    if (campaign === undefined || campaign.state === "refused") return undefined;
    if (campaign.run !== message.run || campaign.pass !== message.pass) return undefined;
    return { campaign, account: state };
  };

  return {
    look,
    glance: (message) => {
      const key = JSON.stringify([message.campaign, message.run, message.pass]);
      const known = recent.get(key);
      if (known !== undefined && clock.now() - known.at < recentMs) return known.situation;
      const situation = look(message);
      recent.set(key, { at: clock.now(), situation });
      situation.catch(() => recent.delete(key));
      return situation;
    },
    forget: () => recent.clear(),
  };
}
