import type { Bucket } from "../ports/bucket.ts";
import { OptOutListError, optOutsInForce, optOutsKey, readOptOutList } from "./opt-out-list.ts";

/**
 * How many people are opted out by a decision made from one instant up to and including another, epoch milliseconds;
 * `undefined` where the list cannot be read, which stops feeds but no report.
 */
export type CountOptOuts = (from: number, until: number) => Promise<number | undefined>;

/** Counts by the list, which is read again only when it has changed. Throws what the bucket throws. */
export function createOptOutCount(bucket: Pick<Bucket, "get" | "head">): CountOptOuts {
  let known: { readonly tag: string; readonly instants: Float64Array | undefined } | undefined;
  return async (from, until) => {
    const tag = (await bucket.head(optOutsKey))?.tag;
    if (tag === undefined) return 0;
    if (known?.tag !== tag) {
      known = await readInstants(bucket, tag);
    }
    // The list tells whole seconds.
    const first = Math.floor(from / 1000) * 1000;
    return known.instants?.reduce((count, at) => (at >= first && at <= until ? count + 1 : count), 0);
  };
}

/** When those opted out who are on the list; its ETag was `tag` a moment ago. */
async function readInstants(bucket: Pick<Bucket, "get">, tag: string) {
  try {
    const stored = await readOptOutList(bucket);
    const instants = optOutsInForce(stored?.text ?? "").lines.flatMap(({ at }) => at ?? []);
    return { tag: stored?.tag ?? tag, instants: new Float64Array(instants) };
  } catch (error) {
    if (error instanceof OptOutListError) return { tag, instants: undefined };
    throw error;
  }
}
