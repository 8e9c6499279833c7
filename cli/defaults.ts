/** The data directories unless `--data` names another: what was really sent, and what was only simulated, apart. */
export const defaultDataDirectories = { endpoint: ".bulk-send", simulator: ".bulk-send-simulator" } as const;

/** Calls per second unless a rate is given. */
export const defaultRates = { simulator: 100, endpoint: 10 } as const;

/** The stack's name unless `--stack` names another. */
export const defaultStackName = "BulkSend";

/** The simulator takes messages from this number where nothing names one; Ofcom keeps it free for examples. */
export const simulatorSender = "01632960000";
