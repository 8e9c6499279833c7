import type { Rates } from "../../infra/rates.ts";
import type { SimBucket } from "./bucket.ts";
import type { Upload } from "./people.ts";
import type { Outage, PhoneSystem } from "./phone-system.ts";
import type { Deployment } from "./programs.ts";
import type { Scenario } from "./scenario.ts";
import type { SimTable } from "./table.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { Witness } from "./witness.ts";

/** What is judged when a run is over. */
export interface World {
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly table: SimTable;
  readonly bucket: SimBucket;
  readonly phoneSystem: PhoneSystem;
  readonly witness: Witness;
  readonly outages: readonly Outage[];
  readonly rates: Rates;
  /** Settings in force, from when on (epoch ms). */
  readonly deployments: readonly { readonly at: number; readonly deployment: Deployment }[];
  /** What a person put under `campaigns/`, by version. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Campaigns (by index) whose CSV somebody deleted. */
  readonly deleted: ReadonlySet<number>;
  /** How often somebody began to read the upload that nobody can read. */
  readonly poisoned: number;
  /** Whether every campaign was over when the run ended. */
  readonly completed: boolean;
}
