import type { Benchmark } from "./benchmark.ts";
import { bundles } from "./bundles.ts";
import { consolePage } from "./console.ts";
import { embedded } from "./embedded.ts";
import { feed } from "./feed.ts";
import { packageSize } from "./package.ts";
import { plan } from "./plan.ts";
import { rateHeld } from "./rate-held.ts";
import { report } from "./report.ts";
import { senderSpeed } from "./sender-speed.ts";
import { share } from "./share.ts";
import { simulatedRate } from "./simulated-rate.ts";
import { workbook } from "./workbook.ts";

/** Everything that is measured, in the order of the table. */
export const all: readonly Benchmark[] = [
  plan,
  workbook,
  feed,
  rateHeld,
  share,
  simulatedRate,
  senderSpeed,
  embedded,
  report,
  bundles,
  packageSize,
  consolePage,
];
