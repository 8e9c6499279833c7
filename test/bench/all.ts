import type { Benchmark } from "./benchmark.ts";
import { bundles } from "./bundles.ts";
import { feed } from "./feed.ts";
import { plan } from "./plan.ts";
import { senderSpeed } from "./sender-speed.ts";

/** Everything that is measured, in the order of the table. */
export const all: readonly Benchmark[] = [plan, feed, senderSpeed, bundles];
