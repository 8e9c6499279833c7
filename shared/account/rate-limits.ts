/** The slowest and the fastest rate that a stack can have, and that a person can set, in calls per second. */
export const rateLimits = { min: 0.05, max: 1000 } as const;
