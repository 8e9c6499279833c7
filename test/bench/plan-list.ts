import type { Bucket } from "../../shared/ports/bucket.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { planCampaign } from "../../shared/split/plan-campaign.ts";
import { listOptions } from "./campaign-list.ts";

/** Rows per batch in a benchmark's campaign. */
export const batchRows = 25;

/** The run under which a benchmark's campaign is planned. */
export const run = "run";

/** Plans the object `campaigns/list.csv`, or `key`, as the splitter does; by default rows with the same number are duplicates. */
export async function planList(bucket: Bucket, duplicates?: "number" | "send", key = "campaigns/list.csv") {
  const result = await planCampaign(
    { bucket, clock: systemClock },
    {
      previewed: undefined,
      name: "list",
      key,
      version: "1",
      options: duplicates === undefined ? listOptions : { ...listOptions, duplicates },
      defaults: {},
      batchRows,
      rate: 10,
      run,
    },
  );
  if (result.kind !== "planned") throw new Error(`The list was not planned: ${result.kind}`);
  return result.planned;
}
