import type { Bucket } from "../ports/bucket.ts";
import { optOutsInForce, optOutsKey, readOptOutList } from "./opt-out-list.ts";

/** How many people are opted out by a decision made from one instant up to and including another, epoch milliseconds. */
export type CountOptOuts = (from: number, until: number) => Promise<number>;

/** Counts by the list, which is read again only when it has changed. Throws what the bucket throws, and an OptOutListError. */
export function createOptOutCount(bucket: Pick<Bucket, "get" | "head">): CountOptOuts {
  let known: { readonly tag: string; readonly instants: Float64Array } | undefined;
  return async (from, until) => {
    const tag = (await bucket.head(optOutsKey))?.tag;
    if (tag === undefined) return 0;
    if (known?.tag !== tag) {
      const stored = await readOptOutList(bucket);
      const instants = optOutsInForce(stored?.text ?? "").lines.flatMap(({ at }) => at ?? []);
      known = { tag: stored?.tag ?? tag, instants: new Float64Array(instants) };
    }
    // The list tells whole seconds.
    const first = Math.floor(from / 1000) * 1000;
    return known.instants.reduce((count, at) => (at >= first && at <= until ? count + 1 : count), 0);
  };
}
