import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { Campaigns } from "../../shared/campaign/campaigns.ts";

/** The committed campaign of that name as it is now; throws when there is none. */
export async function readCommitted(campaigns: Pick<Campaigns, "read">, name = "spring"): Promise<CommittedCampaign> {
  const found = await campaigns.read(name, { consistent: true });
  if (found === undefined || found.state === "refused") throw new Error(`There is no campaign ${name}.`);
  return found;
}
