/** Runs work in the time of what is tested, which may be virtual. */
export type Within = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Real time: work is awaited, no more. */
export const asItIs: Within = (work) => work();
