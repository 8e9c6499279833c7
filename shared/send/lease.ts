/**
 * How long after the function's deadline a claim's lease ends, in milliseconds: room for clocks that differ. Until then
 * nobody else settles the claim, and nothing is fired under it after the function has ended. The visibility time-out of
 * the batches queue is derived from it (`infra/rates.ts`).
 */
export const leaseSlackMs = 5_000;

/**
 * What a probe's lease adds to the time its answer may take, in milliseconds: preparing and connecting, firing late,
 * recording. A lease that ended before the answer would let another execution fire a second probe.
 */
export const probeSlackMs = 15_000;
