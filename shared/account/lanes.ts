import * as z from "zod";
import { intervalMs, stepMs } from "./slots.ts";

/**
 * The slots of a rate that is too fast for one execution, dealt out like cards: of n lanes, each has every n-th slot, so
 * that n executions send side by side, evenly, each at an n-th of the rate. All lanes' slots together are the rate's.
 */
export const Lanes = z.object({
  /** The rate that they divide. */
  rate: z.number(),
  /** Of each lane the next free slot, epoch milliseconds, and the execution that took the latest ones. */
  next: z.array(z.object({ at: z.number(), holder: z.string().optional() })),
});
export type Lanes = z.infer<typeof Lanes>;

/** The last lane's next free slot: from there on nothing is taken in any lane. */
export const endOf = ({ next }: Lanes): number => Math.max(...next.map(({ at }) => at));

/** So many lanes of `rate` whose slots begin at `from`. */
export const lanesFrom = (rate: number, lanes: number, from: number): Lanes => ({
  rate,
  next: Array.from({ length: lanes }, (_, index) => ({ at: from + index * intervalMs(rate) })),
});

/** The lane's first slot at or after `earliest`; those before it are lost. */
export function firstSlot(lane: Lanes["next"][number], { rate, next }: Lanes, earliest: number): number {
  const step = stepMs(rate, next.length);
  return lane.at + Math.max(0, Math.ceil((earliest - lane.at) / step)) * step;
}

/** How long before its slots would be lost a lane counts as neglected: nobody takes them, milliseconds. */
const neglectMs = 50;

/** The first free slot of all lanes. */
const soonestOf = ({ next }: Lanes): number => Math.min(...next.map(({ at }) => at));

/** From when on, epoch milliseconds, a lane is neglected; `leadMs` is from asking for a slot to using it. */
export const neglectedFrom = (lanes: Lanes, leadMs: number): number => soonestOf(lanes) - leadMs - neglectMs;

/**
 * The lane that an execution takes slots of: a neglected one; else its own, the one that it has taken furthest ahead; else
 * the one that is least far ahead.
 */
export function laneFor(lanes: Lanes, holder: string, earliest: number): number {
  const { next } = lanes;
  const soonest = soonestOf(lanes);
  const least = next.findIndex(({ at }) => at === soonest);
  if (soonest <= earliest + neglectMs) return least;
  const mine = [...next.entries()].filter(([, lane]) => lane.holder === holder);
  return mine.toSorted(([, a], [, b]) => b.at - a.at)[0]?.[0] ?? least;
}
