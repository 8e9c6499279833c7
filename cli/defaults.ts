/** The data directory unless `--data` names another. */
export const defaultDataDirectory = ".bulk-send";

/** The stack's name unless `--stack` names another. */
export const defaultStackName = "BulkSend";
